import type { ChainStep } from "@/lib/core/access/chain";
import type { Rank } from "@/lib/core/access/rules";
import type { ChainStepView } from "@/lib/core/access/views";
import { ruleView, suspensionView } from "./rule-views";

export function chainView(steps: readonly ChainStep[], rank: Rank): ChainStepView[] {
  return steps.map(({ label, says, decides, policy, suspensions }) => ({
    label,
    says,
    decides,
    rule: policy ? ruleView(policy) : null,
    // Of a step it only matters what it says, not whose the suspension is: the list below the chain tells that.
    suspensions: suspensions.map((one) => suspensionView({ ...one, level: "account" }, rank)),
  }));
}
