import type { Database } from "../database/client";
import { DAY_S } from "./tally";

/** Of which time sign-ins are known. Instants in Unix seconds. */
export interface Coverage {
  /** Undefined while nothing was collected. */
  since: number | undefined;
  /** The last look at the log that succeeded. */
  readAt: number | undefined;
  /** Why the log can't be read now; empty when it can. */
  trouble: string;
  gaps: { fromAt: number; toAt: number; reason: string }[];
}

/** Longer than the collector ever pauses: then nobody collects. */
const STALE_S = 300;
const GAP_DAYS = 400;

export async function coverageOf(db: Database, node = "local"): Promise<Coverage> {
  const [source, gaps] = await Promise.all([
    db.useSource.findUnique({ where: { node } }),
    db.useGap.findMany({
      where: { node, toAt: { gt: Math.floor(Date.now() / 1000) - GAP_DAYS * DAY_S } },
      orderBy: { toAt: "desc" },
    }),
  ]);
  return {
    since: source && source.since > 0 ? source.since : undefined,
    readAt: source && source.readAt > 0 ? source.readAt : undefined,
    trouble: source?.trouble ?? "",
    gaps: gaps.map(({ fromAt, toAt, reason }) => ({ fromAt, toAt, reason })),
  };
}

/** What keeps "not seen for so many days" from being "not used", a sentence each; none when it is the same. */
export function coverageLimits(coverage: Coverage, days: number): string[] {
  const { since, readAt, trouble, gaps } = coverage;
  const now = Date.now() / 1000;
  if (since === undefined || readAt === undefined)
    return [
      `No sign-in was collected yet${trouble === "" ? "" : `: ${trouble}`} Who isn't seen may use it all the same.`,
    ];
  const from = now - days * DAY_S;
  return [
    ...(since > from
      ? [`Sign-ins are known since ${dayWords(since)} only: before that anybody may have used it.`]
      : []),
    ...(trouble !== "" || now - readAt > STALE_S
      ? [`There is no data since ${dayWords(readAt)}${trouble === "" ? "." : `: ${trouble}`}`]
      : []),
    ...gaps
      .filter(({ toAt }) => toAt > from)
      .map(
        ({ fromAt, toAt, reason }) =>
          `Nothing is known from ${dayWords(fromAt)} to ${dayWords(toAt)}: ${reason}.`,
      ),
  ];
}

/** With the time, which is what tells a short gap from a long one. */
function dayWords(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 16).replace("T", " ").concat(" UTC");
}
