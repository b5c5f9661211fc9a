import type { Stamp } from "@/lib/core/use/stamp";

const DAY_MS = 86_400_000;

/**
 * Unix seconds of a line's stamp. Without a year it is the last such day that was; what lies ahead (a clock that was set
 * back) counts as now.
 */
export function instantOf(stamp: Stamp, nowMs: number): number {
  const atMs = stamp.kind === "instant" ? stamp.atMs : localMs(stamp, nowMs);
  return Math.floor(Math.min(atMs, nowMs) / 1000);
}

/** Dovecot and syslog write in the machine's own zone, which is this process's as well. */
function localMs({ year, month, day, time }: Extract<Stamp, { kind: "local" }>, nowMs: number): number {
  const at = (inYear: number) => new Date(inYear, month - 1, day, ...time).getTime();
  if (year !== undefined) return at(year);
  const thisYear = new Date(nowMs).getFullYear();
  return at(thisYear) <= nowMs + DAY_MS ? at(thisYear) : at(thisYear - 1);
}
