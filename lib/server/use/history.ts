import { PROTOCOLS } from "@/lib/core/access/rules";
import { SPAN_S, type Span } from "@/lib/core/use/span";
import type { Database } from "../database/client";
import { DAY_S, HOUR_S } from "./tally";

/** Values of each protocol over a time, as a chart has them. Instants in ISO 8601. */
export interface History {
  from: string;
  to: string;
  stepMs: number;
  /** Its points are days or longer. */
  days: boolean;
  series: { label: string; points: { at: string; value: number }[] }[];
}

/** The most sessions that were open at once, within each step. What nobody looked at is missing. */
export async function sessionHistory(db: Database, span: Span, node = "local"): Promise<History> {
  const { length, step } = SPAN_S[span];
  const now = Math.floor(Date.now() / 1000);
  const from = now - length;
  const rows = await db.$queryRaw<{ protocol: string; at: number | bigint; open: number | bigint }[]>`
    SELECT "protocol", "at" - "at" % ${step} AS "at", max("open") AS "open" FROM "SessionCount"
    WHERE "at" >= ${from} AND "node" = ${node} GROUP BY 1, 2 ORDER BY 2`;
  return {
    ...ends(from, now),
    stepMs: step * 1000,
    days: false,
    series: PROTOCOLS.map((protocol) => ({
      label: protocol.toUpperCase(),
      points: rows
        .filter((row) => row.protocol === protocol)
        .map(({ at, open }) => ({ at: isoAt(Number(at)), value: Number(open) })),
    })),
  };
}

/** Sign-ins of each hour, or of each day (UTC) for more than a day. Where sign-ins are known and there was none it is nought. */
export async function signInHistory(db: Database, span: Span, node = "local"): Promise<History> {
  const step = span === "day" ? HOUR_S : DAY_S;
  const now = Math.floor(Date.now() / 1000);
  const first = Math.floor((now - SPAN_S[span].length) / step) * step + step;
  const [source, gaps, rows] = await Promise.all([
    db.useSource.findUnique({ where: { node } }),
    db.useGap.findMany({ where: { node, toAt: { gte: first } } }),
    db.useHour.findMany({ where: { hour: { gte: first / HOUR_S } } }),
  ]);
  const since = source && source.since > 0 ? source.since - (source.since % step) : now;
  const known = Math.min(now, source?.readAt ?? 0);
  const instants: number[] = [];
  for (let at = Math.max(first, since); at <= known; at += step)
    if (!gaps.some(({ fromAt, toAt }) => fromAt <= at && toAt >= at + step)) instants.push(at);
  return {
    ...ends(first, now),
    stepMs: step * 1000,
    days: span !== "day",
    series: PROTOCOLS.map((protocol) => {
      const counts = new Map<number, number>();
      for (const row of rows) {
        if (row.protocol !== protocol) continue;
        const at = row.hour * HOUR_S - ((row.hour * HOUR_S) % step);
        counts.set(at, (counts.get(at) ?? 0) + row.count);
      }
      return {
        label: protocol.toUpperCase(),
        points: instants.map((at) => ({ at: isoAt(at), value: counts.get(at) ?? 0 })),
      };
    }),
  };
}

function ends(from: number, to: number): Pick<History, "from" | "to"> {
  return { from: isoAt(from), to: isoAt(to) };
}

function isoAt(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
