import type { Scope } from "@/lib/core/operators/roles";
import { Prisma } from "@/prisma/client/client";
import type { Database, Write } from "../database/client";
import type { PolicyFacts } from "./write-policies";
import type { SuspensionFacts } from "./write-suspensions";

/** One act upon policies and suspensions, as history keeps it. */
export interface AccessChangeFacts {
  id: number;
  at: Date;
  actor: string;
  origin: string;
  reason: string;
  sentence: string;
  /** Accounts and domains that it came to. */
  count: number;
  /** The change that it took back. */
  undoes: number | null;
  /** The one by which it was taken back. */
  undoneBy: number | null;
}

/** What a change did to one rule. */
export interface ChangedRule {
  subject: string;
  protocol: string;
  kind: string;
  before: PolicyFacts | SuspensionFacts | null;
  after: PolicyFacts | SuspensionFacts | null;
}

/** As a query or as part of a transaction. */
interface ScopedRead {
  db: Database | Write;
  scope: Scope;
}

/** The latest changes, newest first, or those before one. */
export async function listChanges(
  { db, scope }: ScopedRead,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<AccessChangeFacts[]> {
  const rows = await db.accessChange.findMany({
    where:
      scope === null
        ? before === undefined
          ? {}
          : { id: { lt: before } }
        : { id: { in: await idsWithin(db, scope, before ?? Number.MAX_SAFE_INTEGER, limit) } },
    orderBy: { id: "desc" },
    take: limit,
  });
  const undone = await db.accessChange.findMany({
    where: { undoesId: { in: rows.map(({ id }) => id) } },
    select: { id: true, undoesId: true },
  });
  return rows.map(({ undoesId, ...row }) => ({
    ...row,
    undoes: undoesId,
    undoneBy: undone.find((one) => one.undoesId === row.id)?.id ?? null,
  }));
}

/** Changes that touched nothing but these domains and their accounts: a domain is what follows the first "@". */
async function idsWithin(
  db: Database | Write,
  scope: readonly string[],
  before: number,
  limit: number,
): Promise<number[]> {
  const domain = Prisma.sql`CASE instr(i."subject", '@') WHEN 0 THEN '' ELSE substr(i."subject", instr(i."subject", '@') + 1) END`;
  const isMine = Prisma.sql`i."subject" <> '*' AND ${domain} IN (SELECT value FROM json_each(${JSON.stringify(scope)}))`;
  const rows = await db.$queryRaw<{ id: number | bigint }[]>`
    SELECT c."id" FROM "AccessChange" c WHERE c."id" < ${before}
      AND EXISTS (SELECT 1 FROM "AccessChangeItem" i WHERE i."changeId" = c."id")
      AND NOT EXISTS (SELECT 1 FROM "AccessChangeItem" i WHERE i."changeId" = c."id" AND NOT (${isMine}))
    ORDER BY c."id" DESC LIMIT ${limit}`;
  return rows.map(({ id }) => Number(id));
}

export async function isUndone(db: Database, id: number): Promise<boolean> {
  return (await db.accessChange.count({ where: { undoesId: id } })) > 0;
}

/** A change with the first `limit` of the rules that it changed, and how many these are in all. */
export async function findChange(
  scoped: ScopedRead,
  id: number,
  limit: number,
): Promise<(AccessChangeFacts & { rules: ChangedRule[]; rulesInAll: number }) | undefined> {
  const { db } = scoped;
  const [change] = await listChanges(scoped, { before: id + 1, limit: 1 });
  if (change?.id !== id) return undefined;
  const [items, rulesInAll] = await Promise.all([
    db.accessChangeItem.findMany({
      where: { changeId: id },
      orderBy: [{ subject: "asc" }, { protocol: "asc" }, { kind: "asc" }, { ref: "asc" }],
      take: limit,
    }),
    db.accessChangeItem.count({ where: { changeId: id } }),
  ]);
  const rules = items.map(({ subject, protocol, kind, before, after }) => ({
    subject,
    protocol,
    kind,
    before: facts(before),
    after: facts(after),
  }));
  return { ...change, rules, rulesInAll };
}

function facts(text: string | null): ChangedRule["after"] {
  return text === null ? null : (JSON.parse(text) as ChangedRule["after"]);
}
