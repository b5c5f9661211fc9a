import { type MapRow, policyRow, suspensionRows } from "@/lib/core/access/map-rows";
import type { Protocol, State } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import { compareBytes } from "../accounts/query/order";
import type { Database } from "../database/client";
import { grouped } from "./rows";

const PAGE = 2000;

/**
 * What the access map should hold beyond a subject, in byte order of subjects, a page at a time: nothing here grows with
 * the accounts.
 */
export async function* wantedRows(db: Database, beyond: Subject = ""): AsyncIterable<MapRow[]> {
  let after = beyond;
  for (;;) {
    const subjects = await db.$queryRaw<{ subject: string }[]>`
      SELECT "subject" FROM (
        SELECT "subject" FROM "Policy" WHERE "subject" > ${after}
        UNION SELECT "subject" FROM "Suspension" WHERE "subject" > ${after})
      ORDER BY "subject" LIMIT ${PAGE}`;
    const last = subjects.at(-1)?.subject;
    if (last === undefined) return;
    yield await rowsBetween(db, after, last);
    after = last;
  }
}

async function rowsBetween(db: Database, after: Subject, last: Subject): Promise<MapRow[]> {
  const where = { subject: { gt: after, lte: last } };
  const [policies, suspensions] = await Promise.all([
    db.policy.findMany({ where, select: { subject: true, protocol: true, state: true, until: true } }),
    db.suspension.findMany({ where, select: { subject: true, protocol: true, until: true } }),
  ]);
  const rows = policies.map(({ subject, protocol, state, until }) =>
    policyRow(subject, { protocol: protocol as Protocol, state: state as State, until }),
  );
  const bySubject = grouped(
    suspensions.map(({ subject, protocol, until }) => [
      subject,
      { protocol: protocol as Protocol | "all", until },
    ]),
  );
  for (const [subject, ofOne] of bySubject) rows.push(...suspensionRows(subject, ofOne));
  return rows.toSorted(byKey);
}

/** As SQLite orders: byte by byte. */
export function byKey(a: MapRow, b: MapRow): number {
  return compareBytes(a.k, b.k) || compareBytes(a.proto, b.proto) || a.kind - b.kind;
}
