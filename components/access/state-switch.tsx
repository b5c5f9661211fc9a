import type { StateView } from "@/lib/core/access/views";
import { WhyState } from "./why-state";

interface StateSwitchProps {
  state: StateView;
  /** Whose rule the switch sets, and in words. */
  subject: string;
  name: string;
  /** Where more is told and can be done. */
  href: string;
  /** The form that the switch belongs to; null for those who may not. */
  form: string | null;
}

/** What is effective, why, and a switch where a rule of its own would change it. */
export function StateSwitch({ state, subject, name, href, form }: StateSwitchProps) {
  const { protocol, effective, because, own, canFlip } = state;
  const label = protocol.toUpperCase();
  const to = effective === "allow" ? "deny" : "allow";
  const verb = to === "deny" ? "Deny" : "Allow";
  return (
    <div className="state">
      <WhyState protocol={label} state={effective} because={because} href={`${href}#${protocol}`} />
      {form && canFlip ? (
        <button
          name="set"
          value={`${protocol} ${to} ${own?.state ?? "inherit"} ${subject}`}
          form={form}
          aria-label={`${verb} ${label} for ${name}`}
        >
          {verb}
        </button>
      ) : null}
    </div>
  );
}
