import { setTimeout as sleep } from "node:timers/promises";
import { type AccountFilter, isUnfiltered } from "@/lib/core/access/filter";
import type { Scoped } from "../../node";
import { queryContext } from "./context";
import { sourcesFor } from "./page";
import type { ListedAccount, Query } from "./sources";

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

/** The database answers within this turn of the event loop, and nobody else gets an answer meanwhile: so many at a time. */
const STEP = 1500;
/** Then it is others' turn: the page whose count this is comes first. */
const OTHERS_MS = 10;

/** Counts up to `limit`, and lets other pages in between. */
export async function countAccounts(
  scoped: Scoped,
  filter: AccountFilter,
  limit = COUNT_LIMIT,
  step = STEP,
): Promise<Count> {
  const { db } = scoped;
  const cheap = await cheapCount(scoped, filter);
  if (cheap) return cheap;
  const context = await queryContext(scoped);
  const query: Query = {
    db,
    filter,
    context,
    order: { by: "domain", descending: false },
    after: undefined,
    limit: step,
  };
  const found = new Set<number>();
  for (const source of await sourcesFor(db, filter, context)) {
    let part: ListedAccount[] = [];
    do {
      await sleep(OTHERS_MS);
      part = await source({ ...query, after: part.at(-1) });
      for (const { id } of part) found.add(id);
      if (found.size > limit) return { count: limit, isMore: true };
    } while (part.length >= step);
  }
  return { count: found.size, isMore: false };
}
