import type { AuditRow } from "@/lib/core/audit/entry";
import type { AuditFilter, AuditQuery } from "@/lib/core/audit/query";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { auditRows } from "./rows";

interface AuditPage {
  rows: AuditRow[];
  /** Numbers to page by: `before` for older ones, `after` for newer ones; null where there are none. */
  older: number | null;
  newer: number | null;
}

/** Entries, newest first. */
export async function listAudit(db: Database, query: AuditQuery): Promise<AuditPage> {
  const { before, after, limit } = query;
  const where = conditionsOf(query);
  const upwards = after !== undefined && before === undefined;
  const found = await auditRows(db, {
    where: Prisma.sql`${where} AND ${upwards ? above(after) : before === undefined ? ANY : below(before)}`,
    order: upwards ? "asc" : "desc",
    limit: limit + 1,
  });
  const more = found.length > limit;
  const rows = upwards ? found.slice(0, limit).toReversed() : found.slice(0, limit);
  const [first, last] = [rows[0]?.number, rows.at(-1)?.number];
  const beyond = async (condition: Prisma.Sql) =>
    (await auditRows(db, { where: Prisma.sql`${where} AND ${condition}`, order: "asc", limit: 1 })).length >
    0;
  const hasOlder = last !== undefined && (upwards ? await beyond(below(last)) : more);
  const hasNewer =
    first !== undefined && (upwards ? more : before !== undefined && (await beyond(above(first))));
  return { rows, older: hasOlder ? last : null, newer: hasNewer ? first : null };
}

/** Every action that an entry has, and every outcome: what a list can be narrowed to. */
export async function auditWords(db: Database): Promise<{ actions: string[]; outcomes: string[] }> {
  const [actions, outcomes] = await Promise.all([
    db.$queryRaw<{ word: string }[]>`SELECT DISTINCT "action" AS "word" FROM "AuditEntry" ORDER BY 1`,
    db.$queryRaw<{ word: string }[]>`SELECT DISTINCT "outcome" AS "word" FROM "AuditEntry" ORDER BY 1`,
  ]);
  return { actions: actions.map(({ word }) => word), outcomes: outcomes.map(({ word }) => word) };
}

const ANY = Prisma.sql`true`;
const below = (number: number) => Prisma.sql`"number" < ${number}`;
const above = (number: number) => Prisma.sql`"number" > ${number}`;

export function conditionsOf({ q, who, action, outcome, from, until }: AuditFilter): Prisma.Sql {
  const conditions = [ANY];
  if (q !== "") conditions.push(Prisma.sql`(${holds("subject", q)} OR ${holds("detail", inJson(q))})`);
  if (who !== "") conditions.push(holds("actor", who));
  if (action?.includes(".")) conditions.push(Prisma.sql`"action" = ${action}`);
  else if (action !== undefined) conditions.push(Prisma.sql`"action" LIKE ${`${action}.%`}`);
  if (outcome !== undefined) conditions.push(Prisma.sql`"outcome" = ${outcome}`);
  if (from !== undefined) conditions.push(Prisma.sql`"at" >= ${startOf(from)}`);
  if (until !== undefined) conditions.push(Prisma.sql`"at" < ${endOf(until)}`);
  return Prisma.join(conditions, " AND ");
}

function holds(column: "subject" | "detail" | "actor", part: string): Prisma.Sql {
  const pattern = `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`${Prisma.raw(`"${column}"`)} LIKE ${pattern} ESCAPE '\\'`;
}

/** A text as it stands within JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A day begins in the server's zone; an instant is itself. */
function startOf(given: string): Date {
  return new Date(given.includes("T") ? given : `${given}T00:00`);
}

function endOf(given: string): Date {
  const start = startOf(given);
  if (given.includes("T")) start.setMilliseconds(start.getMilliseconds() + 1);
  else start.setDate(start.getDate() + 1);
  return start;
}
