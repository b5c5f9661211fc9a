import { setImmediate as turn } from "node:timers/promises";
import type { AuditRow } from "@/lib/core/audit/entry";
import { Prisma } from "@/prisma/client/client";
import type { Database, Write } from "../database/client";

/** So many are in memory at a time. */
const PAGE = 1000;

/** Entries as they are stored, whatever somebody made of them: an instant that is none can be read here as well. */
export async function auditRows(
  db: Database | Write,
  { where, order, limit }: { where: Prisma.Sql; order: "asc" | "desc"; limit: number },
): Promise<AuditRow[]> {
  const direction = order === "asc" ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const rows = await db.$queryRaw<(Omit<AuditRow, "number"> & { number: number | bigint })[]>`
    SELECT "number", CAST("at" AS TEXT) AS "at", CAST("actor" AS TEXT) AS "actor", CAST("origin" AS TEXT) AS "origin",
      CAST("from" AS TEXT) AS "from", CAST("via" AS TEXT) AS "via", CAST("action" AS TEXT) AS "action",
      CAST("outcome" AS TEXT) AS "outcome", CAST("subject" AS TEXT) AS "subject", CAST("detail" AS TEXT) AS "detail",
      CAST("previousHash" AS TEXT) AS "previousHash", CAST("hash" AS TEXT) AS "hash", CAST("seal" AS TEXT) AS "seal"
    FROM "AuditEntry" WHERE ${where} ORDER BY "number" ${direction} LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, number: Number(row.number), at: isoOf(row.at) }));
}

/** All of a condition, the oldest first, a page at a time. */
export async function* auditPages(db: Database, where: Prisma.Sql): AsyncGenerator<AuditRow[]> {
  let last = 0;
  for (;;) {
    const rows = await auditRows(db, {
      where: Prisma.sql`"number" > ${last} AND ${where}`,
      order: "asc",
      limit: PAGE,
    });
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.number ?? last;
    // The database answers within this turn of the event loop: without a pause nobody else would get one.
    await turn();
  }
}

function isoOf(stored: string): string {
  const at = new Date(stored);
  return Number.isNaN(at.getTime()) ? stored : at.toISOString();
}
