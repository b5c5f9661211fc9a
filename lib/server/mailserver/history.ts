import type { Outcome } from "@/lib/core/apply/outcome";
import { changesBetween } from "@/lib/core/settings/changes";
import type { HistoryQuery } from "@/lib/core/settings/history-query";
import type { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { findRevision, type Revision } from "./revisions";

/** A revision as history lists it. */
export interface HistoryEntry {
  number: number;
  author: string;
  origin: string;
  reason: string;
  createdAt: Date;
  sentences: string[];
  undoes: number | null;
  undoneBy: number | null;
  /** How the last attempt to bring it into force ended; null where nothing had to be done or none was made. */
  outcome: string | null;
}

interface HistoryPage {
  entries: HistoryEntry[];
  /** Numbers to page by: `before` for older ones, `after` for newer ones; null where there are none. */
  older: number | null;
  newer: number | null;
}

/** Revisions, newest first. */
export async function listHistory(db: Database, query: HistoryQuery): Promise<HistoryPage> {
  const { before, after, limit } = query;
  const where = conditionsOf(query);
  const upwards = after !== undefined && before === undefined;
  const rows = await db.revision.findMany({
    where: {
      AND: [where, { number: { ...(before ? { lt: before } : {}), ...(upwards ? { gt: after } : {}) } }],
    },
    orderBy: { number: upwards ? "asc" : "desc" },
    take: limit + 1,
    include: { attempts: { orderBy: { startedAt: "desc" }, take: 1 } },
  });
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (upwards) shown.reverse();
  const numbers = shown.map(({ number }) => number);
  const [first, last] = [numbers[0], numbers.at(-1)];
  const beyond = async (condition: Prisma.RevisionWhereInput) =>
    (await db.revision.findFirst({ where: { AND: [where, condition] }, select: { number: true } })) !== null;
  const hasOlder = last !== undefined && (upwards ? await beyond({ number: { lt: last } }) : more);
  const hasNewer = first !== undefined && (upwards ? more : await beyond({ number: { gt: first } }));
  const undone = await undoneBy(db, numbers);
  return {
    entries: shown.map(({ number, author, origin, reason, createdAt, undoesNumber, ...row }) => ({
      number,
      author,
      origin,
      reason,
      createdAt,
      sentences: row.sentences.split("\n").filter(Boolean),
      undoes: undoesNumber,
      undoneBy: undone.get(number) ?? null,
      outcome: row.attempts[0]?.outcome ?? null,
    })),
    older: hasOlder ? last : null,
    newer: hasNewer ? first : null,
  };
}

/** An attempt to bring a revision into force, as it was recorded. */
export interface AttemptFacts {
  id: string;
  startedAt: Date;
  finishedAt: Date;
  outcome: Outcome;
}

interface RevisionFacts extends HistoryEntry {
  revision: Revision;
  /** Undefined for the first one. */
  parent: Revision | undefined;
  attempts: AttemptFacts[];
}

/** One revision with what it changed and every attempt at it, newest first. */
export async function revisionFacts(db: Database, number: number): Promise<RevisionFacts | undefined> {
  const [revision, parent, page, attempts] = await Promise.all([
    findRevision(db, number),
    findRevision(db, number - 1),
    listHistory(db, { q: "", before: number + 1, limit: 1 }),
    db.attempt.findMany({ where: { revisionNumber: number }, orderBy: { startedAt: "desc" } }),
  ]);
  const [entry] = page.entries;
  if (!revision || entry?.number !== number) return undefined;
  return {
    ...entry,
    revision,
    parent,
    attempts: attempts.map(({ id, startedAt, finishedAt, detail }) => ({
      id,
      startedAt,
      finishedAt,
      outcome: JSON.parse(detail) as Outcome,
    })),
  };
}

/** Everybody who ever saved a revision. */
export async function authors(db: Database): Promise<string[]> {
  const rows = await db.revision.findMany({
    distinct: ["author"],
    select: { author: true },
    orderBy: { author: "asc" },
  });
  return rows.map(({ author }) => author);
}

/** Revisions that an older Portcullis saved have no sentences: what they changed is worked out once. */
export async function completeHistory(db: Database): Promise<void> {
  const bare = await db.revision.findMany({
    where: { sentences: "", number: { gt: 1 } },
    select: { number: true },
  });
  for (const { number } of bare) {
    const [parent, revision] = await Promise.all([findRevision(db, number - 1), findRevision(db, number)]);
    if (!parent || !revision) continue;
    const sentences = changesBetween(parent.values, revision.values).map(({ sentence }) => sentence);
    if (sentences.length > 0)
      await db.revision.update({ where: { number }, data: { sentences: sentences.join("\n") } });
  }
}

function conditionsOf({ q, author, origin, outcome }: HistoryQuery): Prisma.RevisionWhereInput {
  const conditions: Prisma.RevisionWhereInput[] = [];
  if (q !== "") {
    const anywhere = [
      { sentences: { contains: q } },
      { reason: { contains: q } },
      { author: { contains: q } },
    ];
    conditions.push({ OR: [...anywhere, ...(/^\d{1,9}$/.test(q) ? [{ number: Number(q) }] : [])] });
  }
  if (author !== undefined) conditions.push({ author });
  if (origin !== undefined) conditions.push({ origin });
  if (outcome !== undefined) conditions.push({ attempts: { some: { outcome } } });
  return { AND: conditions };
}

async function undoneBy(db: Database, numbers: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.revision.findMany({
    where: { undoesNumber: { in: [...numbers] } },
    select: { number: true, undoesNumber: true },
    orderBy: { number: "asc" },
  });
  return new Map(rows.map(({ number, undoesNumber }) => [undoesNumber ?? 0, number]));
}
