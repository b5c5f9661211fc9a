import { Prisma } from "@/prisma/client/client";
import { jsonOf } from "../../database/json-of";
import { type Base, ruledDomains } from "./context";
import { compareBytes } from "./order";
import { ACCOUNT, type Candidates, type ListedAccount, type Query, type Source, source } from "./source";
import { SORTABLE, scan } from "./sources";

/** Accounts of the domains with a rule of their own that comes to something. */
export function inDomainsWhere(holds: (base: Base) => boolean): Source {
  const found = async ({ db, filter, context }: Query) => {
    // A domain that was asked for by name was the base itself.
    if (filter.domain !== undefined) return inDomains([]);
    const ruled = await ruledDomains(db, context);
    return inDomains([...ruled].filter(([, base]) => holds(base)).map(([name]) => name));
  };
  return {
    page: async (query) => await (await found(query)).page(query),
    candidates: async (query) => await (await found(query)).candidates(query),
  };
}

/** Accounts of these domains. */
export function inDomains(names: readonly string[]): Source {
  return {
    page: async (query) => (names.length === 0 ? [] : await pageOfDomains(query, names)),
    candidates: async () => (names.length === 0 ? [] : [ofDomains(names)]),
  };
}

async function pageOfDomains(query: Query, names: readonly string[]): Promise<ListedAccount[]> {
  const { db, order, after, limit } = query;
  const sized = await jsonOf<SizedDomain[]>(
    db,
    Prisma.sql`
      SELECT json_group_array(json_object('name', "name", 'accounts', "accounts")) FROM (
        SELECT d."name", d."accounts"
        FROM json_each(${JSON.stringify(names)}) j CROSS JOIN "Domain" d ON d."name" = j.value ORDER BY d."name")`,
  );
  const select = (taken: readonly SizedDomain[]) =>
    source(() => ofDomains(taken.map(({ name }) => name))).page(query);
  if (order.by === "address") {
    const total = sized.reduce((sum, { accounts }) => sum + accounts, 0);
    return total > SORTABLE ? await scan.page(query) : await select(sized);
  }
  // In the order of domains: only as many as fill the page, and more at a time where few of their accounts pass.
  const left = (order.descending ? sized.toReversed() : sized).filter(
    ({ name }) => !after || compareBytes(name, after.domain) * (order.descending ? -1 : 1) >= 0,
  );
  const found: ListedAccount[] = [];
  for (let wanted = limit * 2; left.length > 0 && found.length < limit; wanted *= 4)
    found.push(...(await select(takeFirst(left, wanted))));
  return found;
}

interface SizedDomain {
  name: string;
  accounts: number;
}

/** Takes domains off the front until they have so many accounts. */
function takeFirst(domains: SizedDomain[], accounts: number): SizedDomain[] {
  let count = 0;
  let taken = 0;
  while (taken < domains.length && count < accounts) count += domains[taken++]?.accounts ?? 0;
  return domains.splice(0, taken);
}

function ofDomains(names: readonly string[]): Candidates {
  return {
    from: Prisma.sql`json_each(${JSON.stringify(names)}) j CROSS JOIN "Account" a INDEXED BY "Account_domain_address_vanishedAt_idx" ON a."domain" = j.value`,
    key: ACCOUNT,
    where: Prisma.sql`TRUE`,
  };
}
