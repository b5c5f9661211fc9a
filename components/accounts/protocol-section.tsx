import type { AccessAction } from "@/components/access/access-form";
import { Chain } from "@/components/access/chain";
import { RowForm } from "@/components/access/row-form";
import { RuleForm } from "@/components/access/rule-form";
import { StateMark } from "@/components/access/state-mark";
import { Button } from "@/components/ui/button";
import type { ChainStepView, StateView } from "@/lib/core/access/views";

interface ProtocolSectionProps {
  account: { address: string; chains: Readonly<Record<StateView["protocol"], readonly ChainStepView[]>> };
  state: StateView;
  zone: string;
  until: string;
  mayChange: boolean;
  flip: AccessAction;
  setRule: AccessAction;
  undo: AccessAction;
  now: string;
}

/** One protocol of an account: what is effective, the chain that decides it, and the account's own rule. */
export function ProtocolSection(props: ProtocolSectionProps) {
  const { account, state, zone, until, mayChange, flip, setRule, undo, now } = props;
  const { protocol, effective, because, own, canFlip } = state;
  const name = protocol.toUpperCase();
  const to = effective === "allow" ? "deny" : "allow";
  const form = `switch-${protocol}`;
  return (
    <section aria-labelledby={protocol} className="space-y-3 rounded border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id={protocol}>
          {name} <StateMark state={effective} />
        </h2>
        {mayChange && canFlip ? (
          <Button
            look="quiet"
            size="small"
            form={form}
            name="set"
            value={`${protocol} ${to} ${own?.state ?? "inherit"} ${account.address}`}
          >
            {to === "deny" ? "Deny" : "Allow"} {name}
          </Button>
        ) : null}
      </div>
      <p>{because}</p>
      <RowForm id={form} action={flip} undo={undo} label={`Switch ${name}`} />
      <Chain protocol={name} steps={account.chains[protocol]} now={now} />
      {mayChange ? (
        <RuleForm
          subject={account.address}
          name={account.address}
          protocol={protocol}
          rule={own}
          without="No rule of its own"
          zone={zone}
          until={until}
          setRule={setRule}
          undo={undo}
        />
      ) : null}
    </section>
  );
}
