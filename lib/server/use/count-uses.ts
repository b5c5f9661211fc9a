import type { Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";

/** Uses of one protocol: everybody's, or those within a domain. */
export interface UseScope {
  protocol: Protocol;
  domain: string | undefined;
  /** Later than this, in Unix seconds. */
  since: number;
}

/**
 * Uses (`"AccountUse"`) in the order of domains and addresses, out of an index that holds when each was: questions about
 * many find what they ask of the same account's other protocol close by.
 */
export function usesInOrder(name: string): Prisma.Sql {
  return Prisma.sql`"AccountUse" ${Prisma.raw(name)} INDEXED BY "AccountUse_protocol_domain_address_lastAt_idx"`;
}

/** That the account of a row (`of`, with its domain and address) used one of the protocols since then. */
export function alsoUsed(of: string, protocols: readonly Protocol[], since: number): Prisma.Sql {
  const its = (column: string) => Prisma.raw(`${of}."${column}"`);
  return Prisma.sql`EXISTS (SELECT 1 FROM ${usesInOrder("o")} WHERE o."protocol" IN (${Prisma.join([...protocols])})
    AND o."domain" = ${its("domain")} AND o."address" = ${its("address")} AND o."lastAt" > ${since})`;
}

/** How many uses (`"AccountUse" u`) meet each condition, in the order of the conditions. */
export async function countUses(
  db: Database,
  { protocol, domain, since }: UseScope,
  conditions: readonly Prisma.Sql[],
): Promise<number[]> {
  const sums = Prisma.join(conditions.map((condition) => Prisma.sql`count(*) FILTER (WHERE ${condition})`));
  const within = domain === undefined ? Prisma.empty : Prisma.sql`AND u."domain" = ${domain}`;
  const [row] = await db.$queryRaw<{ counts: string }[]>`
    SELECT json_array(${sums}) AS "counts" FROM ${usesInOrder("u")}
    WHERE u."protocol" = ${protocol} ${within} AND u."lastAt" > ${since}`;
  return JSON.parse(row?.counts ?? "[]") as number[];
}
