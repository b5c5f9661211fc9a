import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import { jsonOf } from "../../database/json-of";
import { inDomains } from "./domain-sources";
import type { Source } from "./source";
import { scan, searchedLocal } from "./sources";

/** So many matches are sorted as quickly as a page of them is found by trying all accounts in order. */
const FEW = 5000;

/** Where the accounts whose address holds a text are found, and whether they are few. */
export interface Search {
  sources: readonly Source[];
  isRare: boolean;
}

/** A page is found at once by trying all in order; they are counted where they are found without an order. */
function heldByMany(...places: readonly Source[]): Source {
  return {
    page: async (query) => await scan.page(query),
    candidates: async (query) => (await Promise.all(places.map((place) => place.candidates(query)))).flat(),
  };
}

/**
 * A text is held by the domain, by the local part, or by both around the "@". Domains are few enough to be tried one by
 * one; local parts have an index of their trigrams. Undefined where neither helps: for one or two letters, and where
 * most accounts' domains hold it, so that trying all in order finds a page at once.
 */
export async function searchFor(db: Database, q: string): Promise<Search | undefined> {
  if (q.length < 3) return undefined;
  const at = q.indexOf("@");
  if (at < 0) {
    const [domains, local] = await Promise.all([domainsHolding(db, q), localSource(db, q)]);
    if (!local || domains.isMost) return undefined;
    if (!local.isFew) return { sources: [heldByMany(local, inDomains(domains.names))], isRare: false };
    return domains.names.length === 0
      ? { sources: [local], isRare: true }
      : { sources: [local, inDomains(domains.names)], isRare: domains.accounts <= FEW };
  }
  const local = await localSource(db, q.slice(0, at));
  if (local?.isFew) return { sources: [local], isRare: true };
  if (at === q.length - 1) return undefined;
  const { names, accounts, isMost } = await domainsBeginning(db, q.slice(at + 1));
  if (isMost) return undefined;
  return { sources: [inDomains(names)], isRare: accounts <= FEW };
}

interface Domains {
  names: string[];
  accounts: number;
  /** They have more accounts than all others together, and are not named. */
  isMost: boolean;
}

async function domainsHolding(db: Database, text: string): Promise<Domains> {
  return await domainsWhere(db, Prisma.sql`instr("name", ${text}) > 0`);
}

async function domainsBeginning(db: Database, text: string): Promise<Domains> {
  return await domainsWhere(db, Prisma.sql`"name" >= ${text} AND "name" < ${`${text}\u{10ffff}`}`);
}

async function domainsWhere(db: Database, condition: Prisma.Sql): Promise<Domains> {
  const [row] = await db.$queryRaw<{ accounts: number | bigint; all: number | bigint }[]>`
    SELECT COALESCE(sum("accounts") FILTER (WHERE ${condition}), 0) AS "accounts", sum("accounts") AS "all" FROM "Domain"`;
  const accounts = Number(row?.accounts ?? 0);
  const isMost = accounts * 2 > Number(row?.all ?? 0) && accounts > FEW;
  const names = Prisma.sql`SELECT json_group_array("name") FROM "Domain" WHERE ${condition}`;
  return { accounts, isMost, names: isMost ? [] : await jsonOf<string[]>(db, names) };
}

/** The accounts whose local part holds the text, and whether they are few; undefined for a text too short for the index. */
async function localSource(db: Database, text: string): Promise<(Source & { isFew: boolean }) | undefined> {
  if (text.length < 3) return undefined;
  // A phrase of trigrams; a quote inside is doubled.
  const phrase = `"${text.replaceAll('"', '""')}"`;
  const [row] = await db.$queryRaw<{ found: number | bigint }[]>`
    SELECT count(*) AS "found" FROM (
      SELECT rowid FROM "AccountSearch" WHERE "AccountSearch" MATCH ${phrase} LIMIT ${FEW + 1})`;
  return { ...searchedLocal(phrase), isFew: Number(row?.found ?? 0) <= FEW };
}
