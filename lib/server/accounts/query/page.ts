import type { AccountFilter, Sort } from "@/lib/core/access/filter";
import { PROTOCOLS } from "@/lib/core/access/rules";
import type { Database } from "../../database/client";
import type { Scoped } from "../../node";
import { type Base, type QueryContext, queryContext, ruledDomains } from "./context";
import { inDomains, inDomainsWhere } from "./domain-sources";
import { type Cursor, comparing, orderOf } from "./order";
import { takesPlain } from "./plain-match";
import { searchFor } from "./search";
import type { ListedAccount, Query, Source } from "./source";
import { byDomain, contradicted, ending, noted, scan, vanished, withPolicy, withSuspension } from "./sources";
import { usedByMany, usedSources } from "./use-sources";

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
export async function accountsPage(scoped: Scoped, request: PageRequest): Promise<AccountsPage> {
  const { db } = scoped;
  const { filter, sort, after, before, limit } = request;
  const backwards = before !== undefined;
  const context = await queryContext(scoped);
  const query: Query = {
    db,
    filter,
    context,
    order: orderOf(sort, backwards),
    after: before ?? after,
    limit: limit + 1,
  };
  const sources = await sourcesFor(db, filter, context);
  const parts = await Promise.all(sources.map((source) => source.page(query)));
  const found = parts.length === 1 ? (parts[0] ?? []) : merged(parts, query);
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
  const search = await searchFor(db, filter.q);
  if (search?.isRare) return search.sources;
  if (filter.proof) return [contradicted];
  if (filter.vanished === "yes") return [vanished];
  if (filter.note === "yes") return [noted];
  // Their accounts are the few that there are to look at.
  if (context.scope !== null && filter.domain === undefined) return [inDomains(context.scope)];
  const used = await usedSources(db, filter, context);
  if (used) return used;
  const base = await baseFor(db, filter, context);
  if (takesPlain(filter, base)) {
    const inDomain = filter.domain !== undefined;
    return (inDomain ? undefined : search?.sources) ?? [usedByMany(filter) ?? (inDomain ? scanDomain : scan)];
  }
  return ruledSources(filter, base);
}

/** Of an account without a rule of its own, in the domain that is asked for. */
async function baseFor(db: Database, { domain }: AccountFilter, context: QueryContext): Promise<Base> {
  if (domain === undefined) return context.plain;
  return (await ruledDomains(db, context, [domain])).get(domain) ?? context.plain;
}

/**
 * Every account that passes the filter has a rule of its own, or is in a domain with one. Of the conditions that the base
 * fails, the one with the fewest candidates finds them; the others are tried on what it finds.
 */
function ruledSources(filter: AccountFilter, base: Base): readonly Source[] {
  const { override } = filter;
  if (filter.ending !== undefined) return ending(filter.ending);
  if (override !== undefined && override !== "none")
    return PROTOCOLS.map((protocol) => withPolicy(protocol, override === "any" ? undefined : override));
  if (filter.differs) return [...PROTOCOLS.map((protocol) => withPolicy(protocol)), withSuspension];
  if (filter.suspended === "yes" && !isBlocked(base)) return [withSuspension, inDomainsWhere(isBlocked)];
  for (const protocol of PROTOCOLS) {
    const wanted = filter[protocol];
    if (wanted === undefined || wanted === base[protocol]) continue;
    const special = inDomainsWhere((one) => one[protocol] === wanted);
    const byPolicy = withPolicy(protocol, wanted);
    return wanted === "deny" ? [byPolicy, withSuspension, special] : [byPolicy, special];
  }
  return [inDomainsWhere(() => true)];
}

function isBlocked({ blocked }: Base): boolean {
  return blocked.imap || blocked.pop3;
}

/** Within one domain both orders are the same. */
const scanDomain: Source = {
  page: (query) => scan.page(byDomain(query)),
  candidates: (query) => scan.candidates(byDomain(query)),
};

/** The first rows of all parts together, each account once. */
function merged(parts: readonly ListedAccount[][], { order, limit }: Query): ListedAccount[] {
  const unique = new Map(parts.flat().map((account) => [account.id, account]));
  return [...unique.values()].toSorted(comparing(order)).slice(0, limit);
}
