import { setTimeout as sleep } from "node:timers/promises";
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

/** The database answers within this turn of the event loop: so many at a time, and then it is others' turn. */
const STEP = 5000;
const OTHERS_MS = 5;

/** How many uses (`"AccountUse" u`) meet each condition, in the order of the conditions. */
export async function countUses(
  db: Database,
  scope: UseScope,
  conditions: readonly Prisma.Sql[],
): Promise<number[]> {
  const totals = conditions.map(() => 0);
  const sums = Prisma.join(conditions.map((condition) => Prisma.sql`count(*) FILTER (WHERE ${condition})`));
  let after: Place | undefined = { lastAt: scope.since, address: LAST };
  while (after) {
    const end: Place | undefined = await placeAfter(db, scope, after);
    const [row] = await db.$queryRaw<{ counts: string }[]>`
      SELECT json_array(${sums}) AS "counts" FROM ${uses(scope)}
      WHERE ${inScope(scope)} AND ${beyond(after)} AND ${end ? notBeyond(end) : Prisma.sql`TRUE`}`;
    for (const [at, count] of (JSON.parse(row?.counts ?? "[]") as number[]).entries())
      totals[at] = (totals[at] ?? 0) + count;
    if (end) await sleep(OTHERS_MS);
    after = end;
  }
  return totals;
}

interface Place {
  lastAt: number;
  address: string;
}

/** Behind every address: what was at the very instant is not later than it. */
const LAST = "\u{10ffff}";

/** Where the next step ends; undefined where it is the last one. */
async function placeAfter(db: Database, scope: UseScope, after: Place): Promise<Place | undefined> {
  const [row] = await db.$queryRaw<{ lastAt: number | bigint; address: string }[]>`
    SELECT u."lastAt", u."address" FROM ${uses(scope)} WHERE ${inScope(scope)} AND ${beyond(after)}
    ORDER BY u."lastAt", u."address" LIMIT 1 OFFSET ${STEP - 1}`;
  return row && { lastAt: Number(row.lastAt), address: row.address };
}

function uses({ domain }: UseScope): Prisma.Sql {
  return domain === undefined
    ? Prisma.sql`"AccountUse" u INDEXED BY "AccountUse_protocol_lastAt_idx"`
    : Prisma.sql`"AccountUse" u INDEXED BY "AccountUse_protocol_domain_lastAt_idx"`;
}

function inScope({ protocol, domain }: UseScope): Prisma.Sql {
  const within = domain === undefined ? Prisma.empty : Prisma.sql`AND u."domain" = ${domain}`;
  return Prisma.sql`u."protocol" = ${protocol} ${within}`;
}

function beyond({ lastAt, address }: Place): Prisma.Sql {
  return Prisma.sql`(u."lastAt", u."address") > (${lastAt}, ${address})`;
}

function notBeyond({ lastAt, address }: Place): Prisma.Sql {
  return Prisma.sql`(u."lastAt", u."address") <= (${lastAt}, ${address})`;
}
