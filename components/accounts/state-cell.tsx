import { Button } from "@/components/ui/button";
import type { AccountRowView } from "@/lib/core/access/views";
import { accountPath } from "./paths";
import { WhyState } from "./why-state";

interface StateCellProps {
  row: AccountRowView;
  protocol: "imap" | "pop3";
  switchForm: string;
  mayChange: boolean;
}

/** What is effective, why, and a switch where a rule of the account's own would change it. */
export function StateCell({ row, protocol, switchForm, mayChange }: StateCellProps) {
  const state = row.states.find((one) => one.protocol === protocol);
  if (!state) return null;
  const name = protocol.toUpperCase();
  const to = state.effective === "allow" ? "deny" : "allow";
  const verb = to === "deny" ? "Deny" : "Allow";
  return (
    <td className="px-2 py-1">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="w-20">
          <WhyState
            protocol={name}
            state={state.effective}
            because={state.because}
            href={`${accountPath(row.address)}#${protocol}`}
          />
        </span>
        {mayChange && state.canFlip ? (
          <Button
            look="quiet"
            size="small"
            name="set"
            value={`${protocol} ${to} ${state.own?.state ?? "inherit"} ${row.address}`}
            form={switchForm}
            aria-label={`${verb} ${name} for ${row.address}`}
          >
            {verb}
          </Button>
        ) : null}
      </span>
    </td>
  );
}
