import { type AccountFilter, USED_DAYS } from "@/lib/core/access/filter";
import { domainOf, foldName } from "@/lib/core/access/name";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Impact, ImpactList } from "@/lib/core/use/impact";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import type { MailNode } from "../node";
import { sessionsLately } from "../sessions/lately";
import { alsoUsed, countUses } from "./count-uses";
import { coverageLimits, coverageOf } from "./coverage";
import { DAY_S } from "./tally";

/** Everybody, a domain ("" for accounts without one), or one account. */
export type ImpactScope = { domain?: string } | { address: string };

const ANY = Prisma.sql`TRUE`;
/** Of a row of `"AccountUse" u`: no listing ever named the account. */
export const UNLISTED = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM "Account" a WHERE a."domain" = u."domain" AND a."address" = u."address")`;

/** What closing a protocol would do. */
export async function protocolImpact(
  node: MailNode,
  protocol: Protocol,
  scope: ImpactScope = {},
): Promise<Impact> {
  const { db } = node;
  const since = sinceDays(USED_DAYS);
  const [counts, connected, coverage] = await Promise.all([
    "address" in scope
      ? usesOfOne(db, protocol, scope.address, since)
      : countUses(db, { protocol, domain: scope.domain, since }, [
          ANY,
          nothingBut(protocol, since),
          UNLISTED,
        ]),
    connectedNow(node, protocol, scope),
    coverageOf(db, node.name),
  ]);
  const [used = 0, only = 0, unlisted = 0] = counts;
  const within = "address" in scope ? {} : scope.domain === undefined ? {} : { domain: scope.domain };
  return {
    what: protocol.toUpperCase(),
    ...("address" in scope ? { account: scope.address } : {}),
    days: USED_DAYS,
    used,
    only,
    unknown: null,
    connected,
    unlisted,
    lists:
      "address" in scope
        ? []
        : [
            list("used", "Who used it", { ...within, [`${protocol}-used`]: USED_DAYS }),
            list("only", "Who uses nothing else", { ...within, only: protocol }),
          ],
    limits: coverageLimits(coverage, USED_DAYS),
  };
}

/** The same three counts of one account, by its key. */
async function usesOfOne(
  db: Database,
  protocol: Protocol,
  address: string,
  since: number,
): Promise<number[]> {
  const [row] = await db.$queryRaw<{ only: number | bigint; unlisted: number | bigint }[]>`
    SELECT ${nothingBut(protocol, since)} AS "only", ${UNLISTED} AS "unlisted" FROM "AccountUse" u
    WHERE u."protocol" = ${protocol} AND u."address" = ${address} AND u."lastAt" > ${since}`;
  return row ? [1, Number(row.only), Number(row.unlisted)] : [0, 0, 0];
}

export function list(of: ImpactList["of"], label: string, filter: Partial<AccountFilter>): ImpactList {
  return { of, label, filter };
}

export function sinceDays(days: number): number {
  return Math.floor(Date.now() / 1000) - days * DAY_S;
}

function nothingBut(protocol: Protocol, since: number): Prisma.Sql {
  const others = PROTOCOLS.filter((other) => other !== protocol);
  return Prisma.sql`NOT ${alsoUsed("u", others, since)}`;
}

async function connectedNow(
  node: MailNode,
  protocol: Protocol,
  scope: ImpactScope,
): Promise<Impact["connected"]> {
  const open = await sessionsLately(node.instance);
  if (!open) return null;
  const names = open
    .filter((session) => session.protocol === protocol)
    .map(({ username }) => foldName(username))
    .filter((name) =>
      "address" in scope
        ? name === scope.address
        : scope.domain === undefined || domainOf(name) === scope.domain,
    );
  return { sessions: names.length, accounts: new Set(names).size };
}
