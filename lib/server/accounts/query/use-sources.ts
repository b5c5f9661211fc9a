import { type AccountFilter, USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import { usesInOrder } from "../../use/count-uses";
import { DAY_S } from "./conditions";
import type { QueryContext } from "./context";
import { ACCOUNT, type Source, source } from "./source";
import { byDomain, isByDomain, SORTABLE, scan } from "./sources";

/** Uses of one protocol that one condition of a filter asks for. */
interface Wanted {
  protocol: Protocol;
  column: "lastAt" | "clearAt";
  days: number;
}

/** Where the accounts that a filter's uses ask for are found, where they are few; else all are tried in order. */
export async function usedSources(
  db: Database,
  filter: AccountFilter,
  context: QueryContext,
): Promise<readonly Source[] | undefined> {
  for (const wanted of wantedUses(filter)) {
    const counts = await Promise.all(wanted.map((one) => countUses(db, one, context)));
    if (counts.reduce((sum, count) => sum + count, 0) <= SORTABLE) return wanted.map(usedSource);
  }
  return undefined;
}

/**
 * The many that used a protocol that the filter asks for: not more than all accounts, and often far fewer. Undefined where
 * it asks for none.
 */
export function usedByMany(filter: AccountFilter): Source | undefined {
  const protocol = filter.only ?? PROTOCOLS.find((one) => filter[`${one}-used`] !== undefined);
  if (protocol === undefined) return undefined;
  const days = filter[`${protocol}-used`] ?? USED_DAYS;
  const inDomain = filter.domain === undefined ? Prisma.empty : Prisma.sql`AND x."domain" = ${filter.domain}`;
  const inOrder = source(({ context }) => ({
    from: Prisma.sql`${usesInOrder("x")} CROSS JOIN "Account" a INDEXED BY "Account_domain_address_vanishedAt_idx"
      ON a."domain" = x."domain" AND a."address" = x."address"`,
    key: { domain: Prisma.sql`x."domain"`, address: Prisma.sql`x."address"` },
    where: Prisma.sql`x."protocol" = ${protocol} AND x."lastAt" > ${context.now - days * DAY_S} ${inDomain}`,
  }));
  return {
    page: async (query) => await (isByDomain(query) ? inOrder.page(byDomain(query)) : scan.page(query)),
    candidates: async (query) => await inOrder.candidates(query),
  };
}

/** Each condition by itself; where it has several parts, an account is in any of them. */
function wantedUses(filter: AccountFilter): Wanted[][] {
  const of = (protocol: Protocol, days: number | undefined): Wanted[][] =>
    days === undefined ? [] : [[{ protocol, column: "lastAt", days }]];
  return [
    ...PROTOCOLS.flatMap((protocol) => of(protocol, filter[`${protocol}-used`])),
    ...(filter.only === undefined ? [] : of(filter.only, USED_DAYS)),
    ...(filter.cleartext === undefined
      ? []
      : [
          PROTOCOLS.map((protocol): Wanted => ({ protocol, column: "clearAt", days: filter.cleartext ?? 0 })),
        ]),
  ];
}

async function countUses(db: Database, wanted: Wanted, { now }: QueryContext): Promise<number> {
  const [row] = await db.$queryRaw<{ found: number | bigint }[]>`
    SELECT count(*) AS "found" FROM (SELECT 1 FROM ${uses(wanted)} WHERE ${within(wanted, now)} LIMIT ${SORTABLE + 1})`;
  return Number(row?.found ?? 0);
}

function usedSource(wanted: Wanted): Source {
  return source(({ context }) => ({
    from: Prisma.sql`${uses(wanted)} CROSS JOIN "Account" a ON a."address" = x."address"`,
    key: ACCOUNT,
    where: within(wanted, context.now),
  }));
}

function uses({ column }: Wanted): Prisma.Sql {
  return column === "lastAt"
    ? Prisma.sql`"AccountUse" x INDEXED BY "AccountUse_protocol_lastAt_idx"`
    : Prisma.sql`"AccountUse" x INDEXED BY "AccountUse_protocol_clearAt_idx"`;
}

function within({ protocol, column, days }: Wanted, now: number): Prisma.Sql {
  return Prisma.sql`x."protocol" = ${protocol} AND x.${Prisma.raw(`"${column}"`)} > ${now - days * DAY_S}`;
}
