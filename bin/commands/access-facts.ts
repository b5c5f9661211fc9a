import type { Enforcement } from "@/lib/server/access/enforcement";

/** Enforcement for scripts: names and types are a promise (docs/cli.md). */
export function accessJson({ enforced, map, troubles, gaps, alarms, checkedAt }: Enforcement) {
  return {
    enforced,
    map,
    troubles,
    gaps,
    alarms: alarms
      .filter(({ key }) => key.startsWith("access-"))
      .map(({ sentence, raisedAt, seenAt }) => ({ sentence, raisedAt, seenAt })),
    checkedAt,
  };
}
