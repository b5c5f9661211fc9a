import type { Database } from "../../database/client";

/** So many matches are looked at one by one; with more, the list's own order finds a page of them sooner. */
const FEW = 2000;

/** The accounts whose address holds a text of three characters or more, where they are few; else undefined. */
export async function searchIds(db: Database, q: string): Promise<number[] | undefined> {
  if (q.length < 3) return undefined;
  // A phrase of the index's trigrams; a quote inside is doubled.
  const phrase = `"${q.replaceAll('"', '""')}"`;
  const rows = await db.$queryRaw<{ rowid: number | bigint }[]>`
    SELECT rowid FROM "AccountSearch" WHERE "AccountSearch" MATCH ${phrase} LIMIT ${FEW + 1}`;
  return rows.length > FEW ? undefined : rows.map(({ rowid }) => Number(rowid));
}
