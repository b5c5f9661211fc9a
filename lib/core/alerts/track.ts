import type { Alert, Standing } from "./alert";

/** What a look changes about what is kept. */
export interface Tracked {
  begun: Standing[];
  /** Still there, or there again before its end was told; with how it reads now. */
  standing: { id: number; now: Standing }[];
  ended: number[];
  /** Over before there was time to tell of it: forgotten. */
  fleeting: number[];
}

/**
 * Compares what stands with what is kept: alerts without an end, and those whose end nobody was told of yet. One that comes back
 * within the settling time never was over, so that what flaps is told once.
 */
export function track(
  kept: readonly Alert[],
  found: readonly Standing[],
  now: Date,
  settleMs: number,
): Tracked {
  const byKey = new Map<string, Standing>();
  for (const one of found) {
    const known = byKey.get(one.key);
    if (!known || (known.severity === "warning" && one.severity === "alarm")) byKey.set(one.key, one);
  }
  const tracked: Tracked = { begun: [], standing: [], ended: [], fleeting: [] };
  // Where two of a key are kept, the later one is the one that may have come back.
  for (const alert of kept.toSorted((a, b) => b.id - a.id)) {
    const stillThere = byKey.get(alert.key);
    const isSettled = alert.endedAt !== null && alert.endedAt.getTime() + settleMs <= now.getTime();
    if (stillThere && !isSettled) {
      tracked.standing.push({ id: alert.id, now: stillThere });
      byKey.delete(alert.key);
    } else if (alert.endedAt === null) tracked.ended.push(alert.id);
    else if (isSettled && alert.endedAt.getTime() - alert.firstSeenAt.getTime() < settleMs)
      tracked.fleeting.push(alert.id);
  }
  tracked.begun = [...byKey.values()];
  return tracked;
}
