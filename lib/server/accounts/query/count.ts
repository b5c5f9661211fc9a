import { type AccountFilter, isUnfiltered } from "@/lib/core/access/filter";
import type { Database } from "../../database/client";
import { queryContext } from "./context";
import { partsOf } from "./page";
import { ID } from "./sources";

/** Counted up to here; beyond, "10,000+" is what a person needs to know. */
const COUNT_LIMIT = 10_000;

export interface Count {
  count: number;
  /** There are more than were counted. */
  isMore: boolean;
}

/** How many accounts there are, or are in a domain: known without counting. Undefined where it isn't. */
export async function cheapCount(db: Database, filter: AccountFilter): Promise<Count | undefined> {
  const { domain, ...rest } = filter;
  if (!isUnfiltered({ ...rest, domain: undefined })) return undefined;
  const { _sum } = await db.domain.aggregate({
    _sum: { accounts: true },
    where: domain === undefined ? {} : { name: domain },
  });
  return { count: _sum.accounts ?? 0, isMore: false };
}

export async function countAccounts(
  db: Database,
  filter: AccountFilter,
  limit = COUNT_LIMIT,
): Promise<Count> {
  const cheap = await cheapCount(db, filter);
  if (cheap) return cheap;
  const context = await queryContext(db);
  const order = { by: "domain", descending: false } as const;
  const parts = await partsOf({ shape: ID, db, filter, context, order, after: undefined, limit: limit + 1 });
  const found = new Set(parts.flat()).size;
  return { count: Math.min(found, limit), isMore: found > limit };
}
