import { USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { DAY_S } from "./tally";

/** Of these accounts, those that used any of the protocols within 30 days, and those that used none but them. */
export async function countUsedAmong(
  db: Database,
  protocols: readonly Protocol[],
  addresses: readonly string[],
): Promise<{ used: number; only: number }> {
  const since = Math.floor(Date.now() / 1000) - USED_DAYS * DAY_S;
  const others = PROTOCOLS.filter((protocol) => !protocols.includes(protocol));
  const uses = (which: readonly Protocol[]) =>
    which.length === 0
      ? Prisma.sql`FALSE`
      : Prisma.sql`EXISTS (SELECT 1 FROM "AccountUse" u WHERE u."protocol" IN (${Prisma.join([...which])})
          AND u."address" = j.value AND u."lastAt" > ${since})`;
  const [row] = await db.$queryRaw<{ used: number | bigint; only: number | bigint }[]>`
    SELECT count(*) FILTER (WHERE ${uses(protocols)}) AS "used",
      count(*) FILTER (WHERE ${uses(protocols)} AND NOT ${uses(others)}) AS "only"
    FROM json_each(${JSON.stringify(addresses)}) j`;
  return { used: Number(row?.used ?? 0), only: Number(row?.only ?? 0) };
}
