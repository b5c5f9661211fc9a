import type { EnforcementJson } from "@/lib/core/api/answers/status";
import type { Enforcement } from "./enforcement";

/** Enforcement for scripts and the API: names and types are a promise (docs/cli.md). */
export function enforcementFacts({
  enforced,
  map,
  troubles,
  gaps,
  alarms,
  checkedAt,
}: Enforcement): EnforcementJson {
  return {
    enforced,
    map,
    troubles,
    gaps: gaps.map(({ key, sentence }) => ({ key, sentence })),
    alarms: alarms
      .filter(({ key }) => key.startsWith("access-"))
      .map(({ sentence, raisedAt, seenAt }) => ({
        sentence,
        raisedAt: raisedAt.toISOString(),
        seenAt: seenAt.toISOString(),
      })),
    checkedAt: checkedAt.toISOString(),
  };
}
