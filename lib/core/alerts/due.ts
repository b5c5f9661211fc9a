import type { Alert, Telling, TellingRules } from "./alert";

/** Why a channel is told of an alert. */
export type Happening = "began" | "worse" | "stands" | "over";

/** It stood long enough to be told of, and is bad enough. */
export function isToBeTold(
  { severity, firstSeenAt, endedAt }: Alert,
  rules: TellingRules,
  now: Date,
): boolean {
  const isBadEnough = severity === "alarm" || rules.least === "warning";
  return endedAt === null && isBadEnough && firstSeenAt.getTime() + rules.settleMs <= now.getTime();
}

/** What a channel that is to know of it must be told of it now; undefined for nothing. */
export function dueFor(
  alert: Alert,
  { toldAt, toldAs, overToldAt }: Telling,
  { settleMs, repeatMs, least }: TellingRules,
  now: Date,
): Happening | undefined {
  const { severity, endedAt } = alert;
  if (endedAt !== null)
    return overToldAt === null && endedAt.getTime() + settleMs <= now.getTime() ? "over" : undefined;
  if (severity === "warning" && least === "alarm") return undefined;
  if (toldAt === null) return "began";
  if (severity === "alarm" && toldAs === "warning") return "worse";
  return repeatMs > 0 && toldAt.getTime() + repeatMs <= now.getTime() ? "stands" : undefined;
}
