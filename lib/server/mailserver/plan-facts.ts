import type { PlanJson } from "@/lib/core/api/answers/mailserver";
import type { MailNode } from "../node";
import { closingImpacts } from "../use/closing-impacts";
import type { Plan } from "./plan";

/** What a change would do, and to whom: names and types are a promise (docs/cli.md). */
export async function planFacts(
  node: MailNode,
  { changes, warnings, diff, effect, checks, risky, freeze }: Extract<Plan, { kind: "plan" }>,
): Promise<PlanJson> {
  return {
    dryRun: true,
    changes,
    warnings,
    diff,
    effect,
    checks,
    risky,
    freeze: freeze && {
      id: freeze.id,
      startsAt: freeze.startsAt.toISOString(),
      endsAt: freeze.endsAt.toISOString(),
      reason: freeze.reason,
      author: freeze.author,
    },
    impacts: await closingImpacts(node, changes),
  };
}
