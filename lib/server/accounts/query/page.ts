import type { AccountFilter, Sort } from "@/lib/core/access/filter";
import type { Database } from "../../database/client";
import { type QueryContext, queryContext } from "./context";
import { type Cursor, comparing, orderOf } from "./order";
import { takesPlain } from "./plain-match";
import { searchIds } from "./search";
import {
  among,
  contradicted,
  inSpecialDomains,
  type ListedAccount,
  type Query,
  ruled,
  type Source,
  scan,
  vanished,
} from "./sources";

export interface PageRequest {
  filter: AccountFilter;
  sort: Sort;
  /** Rows after this one, or before it. */
  after?: Cursor | undefined;
  before?: Cursor | undefined;
  limit: number;
}

export interface AccountsPage {
  accounts: ListedAccount[];
  hasNext: boolean;
  hasPrevious: boolean;
}

/** A page by its key: as quick in the middle of a million as at its beginning. */
export async function accountsPage(db: Database, request: PageRequest): Promise<AccountsPage> {
  const { filter, sort, after, before, limit } = request;
  const backwards = before !== undefined;
  const context = await queryContext(db);
  const query: Query = {
    db,
    filter,
    context,
    order: orderOf(sort, backwards),
    after: before ?? after,
    limit: limit + 1,
  };
  const found = await firstOf(query, await sourcesFor(db, filter, context));
  const isMore = found.length > limit;
  const accounts = found.slice(0, limit);
  if (backwards) accounts.reverse();
  return {
    accounts,
    hasNext: backwards || isMore,
    hasPrevious: backwards ? isMore : after !== undefined,
  };
}

/** Where to look, from the most special: what a filter can't match is never read. */
export async function sourcesFor(
  db: Database,
  filter: AccountFilter,
  context: QueryContext,
): Promise<readonly Source[]> {
  const ids = await searchIds(db, filter.q);
  if (ids) return [among(ids)];
  if (filter.proof) return [contradicted];
  if (filter.vanished === "yes") return [vanished];
  if (filter.domain !== undefined) {
    const base = context.special.get(filter.domain) ?? context.plain;
    return takesPlain(filter, base) ? [scanDomain] : ruled;
  }
  return takesPlain(filter, context.plain) ? [scan] : [...ruled, inSpecialDomains];
}

/** Within one domain both orders are the same. */
const scanDomain: Source = (query) => scan({ ...query, order: { ...query.order, by: "domain" } });

/** The first rows of all sources together, each account once. */
export async function firstOf(query: Query, sources: readonly Source[]): Promise<ListedAccount[]> {
  const parts = await Promise.all(sources.map((source) => source(query)));
  if (parts.length === 1) return parts[0] ?? [];
  const unique = new Map(parts.flat().map((account) => [account.id, account]));
  return [...unique.values()].toSorted(comparing(query.order)).slice(0, query.limit);
}
