import Link from "next/link";
import { StateMark } from "@/components/access/state-mark";
import { Button } from "@/components/ui/button";
import type { StateView } from "@/lib/core/access/views";

interface DefaultLineProps {
  states: readonly StateView[];
  switchForm: string;
  mayChange: boolean;
}

/** The server-wide default: one live row for every account without a rule of its own or its domain's. */
export function DefaultLine({ states, switchForm, mayChange }: DefaultLineProps) {
  return (
    <section
      aria-labelledby="everybody"
      className="space-y-2 rounded border border-line bg-surface px-4 py-3 text-sm"
    >
      <h2 id="everybody" className="text-base">
        Server-wide default
      </h2>
      <p className="text-ink-soft">
        Holds for every account without a rule of its own or of its domain.{" "}
        <Link href="/domains/*" prefetch={false}>
          More: an end, a reason, suspend everybody
        </Link>
      </p>
      <ul className="space-y-1">
        {states.map(({ protocol, effective, because, own, canFlip }) => {
          const name = protocol.toUpperCase();
          const to = effective === "allow" ? "deny" : "allow";
          const verb = to === "deny" ? "Deny" : "Allow";
          return (
            <li key={protocol} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="w-12 font-medium">{name}</span>
              <StateMark state={effective} />
              {mayChange && canFlip ? (
                <Button
                  look="quiet"
                  size="small"
                  form={switchForm}
                  name="set"
                  value={`${protocol} ${to} ${own?.state ?? "inherit"} *`}
                >
                  {verb} {name} by default
                </Button>
              ) : null}
              <span className="text-ink-soft">{because}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
