import type { AccountFilter } from "@/lib/core/access/filter";
import type { Protocol, State } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import { jsonOf } from "../../database/json-of";
import { conditions, DAY_S } from "./conditions";
import { type Base, type QueryContext, ruledDomains } from "./context";
import { afterCursor, type Cursor, compareBytes, type KeyColumns, type Order, orderBy } from "./order";

/** An account as a list needs it. */
export interface ListedAccount {
  id: number;
  address: string;
  domain: string;
  vanishedAt: Date | null;
}

export interface Query {
  db: Database;
  filter: AccountFilter;
  context: QueryContext;
  order: Order;
  after: Cursor | undefined;
  limit: number;
}

/** A sorted part of the answer; what several give is merged. */
export type Source = (query: Query) => Promise<ListedAccount[]>;

const ACCOUNT: KeyColumns = { domain: Prisma.sql`a."domain"`, address: Prisma.sql`a."address"` };

/** A part of the list out of a table joined with `"Account" a`. */
export async function select(
  query: Query,
  from: Prisma.Sql,
  key: KeyColumns,
  extra: Prisma.Sql,
): Promise<ListedAccount[]> {
  const { db, filter, context, order, after, limit } = query;
  const found = await jsonOf<[id: number, address: string, domain: string, vanishedAt: string | null][]>(
    db,
    Prisma.sql`
      SELECT json_group_array(json_array("id", "address", "domain", "vanishedAt")) FROM (
        SELECT a."id", a."address", a."domain", a."vanishedAt" FROM ${from}
        WHERE ${extra} AND ${afterCursor(order, key, after)} AND ${conditions(filter, context)}
        ORDER BY ${orderBy(order, key)} LIMIT ${limit})`,
  );
  return found.map(([id, address, domain, vanishedAt]) => ({
    id,
    address,
    domain,
    vanishedAt: vanishedAt === null ? null : new Date(vanishedAt),
  }));
}

/** Accounts in the list's order, each tried: for filters that most accounts pass. */
export const scan: Source = (query) =>
  select(
    query,
    query.order.by === "domain"
      ? Prisma.sql`"Account" a INDEXED BY "Account_domain_address_idx"`
      : Prisma.sql`"Account" a INDEXED BY "Account_address_key"`,
    ACCOUNT,
    Prisma.sql`TRUE`,
  );

/** The few whose local part holds a phrase, out of its index. */
export function searchedLocal(phrase: string): Source {
  return (query) =>
    select(
      query,
      Prisma.sql`"AccountSearch" f CROSS JOIN "Account" a ON a."id" = f.rowid`,
      ACCOUNT,
      Prisma.sql`f."AccountSearch" MATCH ${phrase}`,
    );
}

/** Accounts that the last listing doesn't name. */
export const vanished: Source = (query) =>
  select(
    query,
    Prisma.sql`"Account" a INDEXED BY "Account_vanishedAt_idx"`,
    ACCOUNT,
    Prisma.sql`a."vanishedAt" IS NOT NULL`,
  );

/** Accounts of which the daemon said something else than what is effective. */
export const contradicted: Source = (query) =>
  select(
    query,
    Prisma.sql`(SELECT DISTINCT "address" FROM "Proof" INDEXED BY "Proof_differs_idx" WHERE "differs" = TRUE) x
      CROSS JOIN "Account" a ON a."address" = x."address"`,
    ACCOUNT,
    Prisma.sql`TRUE`,
  );

/** Accounts with a note, each once. */
export const noted: Source = (query) =>
  select(
    query,
    Prisma.sql`(SELECT DISTINCT "subject" FROM "Note") x CROSS JOIN "Account" a ON a."address" = x."subject"`,
    ACCOUNT,
    Prisma.sql`TRUE`,
  );

/** Accounts with a policy of their own for a protocol, read in the order of its index; `state` only, where it matters. */
export function withPolicy(protocol: Protocol, state?: State): Source {
  return (query) =>
    select(
      query,
      isByDomain(query)
        ? Prisma.sql`"Policy" r INDEXED BY "Policy_level_protocol_domain_subject_idx" CROSS JOIN "Account" a ON a."address" = r."subject"`
        : Prisma.sql`"Policy" r INDEXED BY "sqlite_autoindex_Policy_1" CROSS JOIN "Account" a ON a."address" = r."subject"`,
      RULE,
      Prisma.sql`r."level" = 'account' AND r."protocol" = ${protocol} ${state ? Prisma.sql`AND r."state" = ${state}` : Prisma.empty} ${ofFilter(query)}`,
    );
}

/** Accounts with a suspension of their own. */
export const withSuspension: Source = (query) =>
  select(
    query,
    isByDomain(query)
      ? Prisma.sql`"Suspension" r INDEXED BY "Suspension_level_domain_subject_idx" CROSS JOIN "Account" a ON a."address" = r."subject"`
      : Prisma.sql`"Suspension" r INDEXED BY "Suspension_subject_idx" CROSS JOIN "Account" a ON a."address" = r."subject"`,
    RULE,
    Prisma.sql`r."level" = 'account' ${ofFilter(query)}`,
  );

/** Accounts of which a rule of their own ends within so many days: few, and sorted when they are found. */
export function ending(days: number): readonly Source[] {
  return ["Policy", "Suspension"].map(
    (table): Source =>
      (query) => {
        const { now } = query.context;
        const rules =
          table === "Policy"
            ? Prisma.sql`"Policy" r INDEXED BY "Policy_until_idx"`
            : Prisma.sql`"Suspension" r INDEXED BY "Suspension_until_idx"`;
        return select(
          query,
          Prisma.sql`${rules} CROSS JOIN "Account" a ON a."address" = r."subject"`,
          RULE,
          Prisma.sql`r."level" = 'account' AND r."until" > ${now} AND r."until" <= ${now + days * DAY_S}`,
        );
      },
  );
}

const RULE: KeyColumns = { domain: Prisma.sql`r."domain"`, address: Prisma.sql`r."subject"` };

/** Within one domain both orders are the same, and the rules of others are not looked at. */
function isByDomain({ order, filter }: Query): boolean {
  return order.by === "domain" || filter.domain !== undefined;
}

/** What a rule alone tells: most that can't match are passed without a look at their accounts. */
function ofFilter({ filter }: Query): Prisma.Sql {
  const inDomain = filter.domain === undefined ? Prisma.empty : Prisma.sql`AND r."domain" = ${filter.domain}`;
  const holding = filter.q === "" ? Prisma.empty : Prisma.sql`AND instr(r."subject", ${filter.q}) > 0`;
  return Prisma.sql`${inDomain} ${holding}`;
}

/** Accounts of the domains with a rule of their own that comes to something. */
export function inDomainsWhere(holds: (base: Base) => boolean): Source {
  return async (query) => {
    // A domain that was asked for by name was the base itself.
    if (query.filter.domain !== undefined) return [];
    const ruled = await ruledDomains(query.db, query.context);
    const names = [...ruled].filter(([, base]) => holds(base)).map(([name]) => name);
    return await inDomains(names)(query);
  };
}

/** Accounts of these domains. */
export function inDomains(names: readonly string[]): Source {
  return async (query) => {
    const { db, order, after, limit } = query;
    if (names.length === 0) return [];
    const sized = await jsonOf<SizedDomain[]>(
      db,
      Prisma.sql`
        SELECT json_group_array(json_object('name', "name", 'accounts', "accounts")) FROM (
          SELECT d."name", d."accounts"
          FROM json_each(${JSON.stringify(names)}) j CROSS JOIN "Domain" d ON d."name" = j.value ORDER BY d."name")`,
    );
    if (order.by === "address") {
      const total = sized.reduce((sum, { accounts }) => sum + accounts, 0);
      if (total > SORTABLE) return await scan(query);
      return await ofDomains(
        query,
        sized.map(({ name }) => name),
      );
    }
    // In the order of domains: only as many as fill the page, and more at a time where few of their accounts pass.
    const left = (order.descending ? sized.toReversed() : sized).filter(
      ({ name }) => !after || compareBytes(name, after.domain) * (order.descending ? -1 : 1) >= 0,
    );
    const found: ListedAccount[] = [];
    for (let wanted = limit * 2; left.length > 0 && found.length < limit; wanted *= 4)
      found.push(...(await ofDomains(query, takeFirst(left, wanted))));
    return found;
  };
}

interface SizedDomain {
  name: string;
  accounts: number;
}

/** Sorting so many accounts is as quick as finding a page of them by trying all in order. */
export const SORTABLE = 7000;

/** Takes domains off the front until they have so many accounts. */
function takeFirst(domains: SizedDomain[], accounts: number): string[] {
  let count = 0;
  let taken = 0;
  while (taken < domains.length && count < accounts) count += domains[taken++]?.accounts ?? 0;
  return domains.splice(0, taken).map(({ name }) => name);
}

function ofDomains(query: Query, names: readonly string[]): Promise<ListedAccount[]> {
  return select(
    query,
    Prisma.sql`json_each(${JSON.stringify(names)}) j CROSS JOIN "Account" a INDEXED BY "Account_domain_address_idx" ON a."domain" = j.value`,
    ACCOUNT,
    Prisma.sql`TRUE`,
  );
}
