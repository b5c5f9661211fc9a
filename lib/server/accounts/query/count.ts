import { type AccountFilter, isUnfiltered } from "@/lib/core/access/filter";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import type { Scoped } from "../../node";
import { queryContext } from "./context";
import { sourcesFor } from "./page";
import { type Candidates, matching, type Query } from "./source";

/** Counted up to here; beyond, "10,000+" is what a person needs to know. */
const COUNT_LIMIT = 10_000;

export interface Count {
  count: number;
  /** There are more than were counted. */
  isMore: boolean;
}

/** How many accounts there are, or are in a domain: known without counting. Undefined where it isn't. */
export async function cheapCount({ db, scope }: Scoped, filter: AccountFilter): Promise<Count | undefined> {
  const { domain, ...rest } = filter;
  if (!isUnfiltered({ ...rest, domain: undefined })) return undefined;
  const { _sum } = await db.domain.aggregate({
    _sum: { accounts: true },
    where: {
      AND: [domain === undefined ? {} : { name: domain }, scope === null ? {} : { name: { in: [...scope] } }],
    },
  });
  return { count: _sum.accounts ?? 0, isMore: false };
}

/** Counts up to `limit`. */
export async function countAccounts(
  scoped: Scoped,
  filter: AccountFilter,
  limit = COUNT_LIMIT,
): Promise<Count> {
  const { db } = scoped;
  const cheap = await cheapCount(scoped, filter);
  if (cheap) return cheap;
  const context = await queryContext(scoped);
  const query: Query = { db, filter, context, order: BY_DOMAIN, after: undefined, limit: limit + 1 };
  const parts: Prisma.Sql[] = [];
  for (const source of await sourcesFor(db, filter, context))
    for (const candidates of await source.candidates(query)) parts.push(part(query, candidates));
  // Often the first alone has more than are counted.
  const isMany = parts.length > 1 && (await countOf(db, parts.slice(0, 1))) > limit;
  const count = isMany ? limit + 1 : await countOf(db, parts);
  return count > limit ? { count: limit, isMore: true } : { count, isMore: false };
}

const BY_DOMAIN = { by: "domain", descending: false } as const;

/** The matching accounts among the candidates, as many as are counted at most. */
function part(query: Query, candidates: Candidates): Prisma.Sql {
  return Prisma.sql`SELECT "id" FROM (
    SELECT DISTINCT a."id" FROM ${candidates.from} WHERE ${matching(query, candidates)} LIMIT ${query.limit})`;
}

/** What is in several parts is counted once. */
async function countOf(db: Database, parts: readonly Prisma.Sql[]): Promise<number> {
  if (parts.length === 0) return 0;
  const [row] = await db.$queryRaw<{ found: number | bigint }[]>`
    SELECT count(*) AS "found" FROM (${Prisma.join([...parts], " UNION ")})`;
  return Number(row?.found ?? 0);
}
