import { TimeAgo } from "@/components/ui/time-ago";
import type { RuleView } from "@/lib/core/access/views";
import { stateWord } from "./state-mark";

/** The rules that somebody has of his own, a line each; two that say the same are one. */
export function OwnRules({ rules, now }: { rules: readonly RuleView[]; now: string }) {
  const [first, second] = rules;
  const isOne = first && second && first.state === second.state && first.until === second.until;
  const shown = isOne ? [first] : rules;
  return shown.map(({ protocol, state, until, reason }) => (
    <span key={protocol} className="line" title={reason || undefined}>
      {isOne ? "both" : protocol.toUpperCase()} {stateWord(state)}
      {until ? (
        <>
          , ends <TimeAgo at={until} now={now} short />
        </>
      ) : null}
    </span>
  ));
}
