import { type AccountFilter, USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import { alsoUsed } from "../../use/count-uses";
import type { QueryContext } from "./context";

type Sql = Prisma.Sql;

export const DAY_S = 86_400;

/** What must hold for a row of `"Account" a`. */
export function conditions(filter: AccountFilter, context: QueryContext): Sql {
  const all: Sql[] = [];
  if (context.scope !== null)
    all.push(Prisma.sql`a."domain" IN (SELECT value FROM json_each(${JSON.stringify(context.scope)}))`);
  if (filter.vanished === undefined) all.push(Prisma.sql`a."vanishedAt" IS NULL`);
  if (filter.vanished === "yes") all.push(Prisma.sql`a."vanishedAt" IS NOT NULL`);
  if (filter.q !== "") all.push(searchCondition(filter.q));
  if (filter.domain !== undefined) all.push(Prisma.sql`a."domain" = ${filter.domain}`);
  for (const protocol of PROTOCOLS) {
    const wanted = filter[protocol];
    if (wanted !== undefined) all.push(Prisma.sql`${effective(protocol, context)} = ${wanted}`);
  }
  if (filter.override !== undefined) all.push(overrideCondition(filter.override, context));
  if (filter.suspended === "yes") all.push(suspended(context));
  if (filter.suspended === "no") all.push(Prisma.sql`NOT ${suspended(context)}`);
  if (filter.differs !== undefined) all.push(differing(context));
  if (filter.ending !== undefined) all.push(endingBefore(context, filter.ending));
  all.push(...useConditions(filter, context));
  if (filter.note !== undefined) {
    const noted = Prisma.sql`EXISTS (SELECT 1 FROM "Note" n WHERE n."subject" = a."address")`;
    all.push(filter.note === "yes" ? noted : Prisma.sql`NOT ${noted}`);
  }
  if (filter.proof !== undefined)
    all.push(Prisma.sql`EXISTS (SELECT 1 FROM "Proof" pr WHERE pr."address" = a."address" AND pr."differs")`);
  return all.length === 0 ? Prisma.sql`TRUE` : Prisma.join(all, " AND ");
}

/** One or two letters: how the address begins. More: any part of it. */
function searchCondition(q: string): Sql {
  return q.length < 3
    ? Prisma.sql`a."address" >= ${q} AND a."address" < ${`${q}\u{10ffff}`}`
    : Prisma.sql`instr(a."address", ${q}) > 0`;
}

/** The model of lib/core/access/decide, as SQL; a property test holds the two together. */
function effective(protocol: Protocol, context: QueryContext): Sql {
  if (isClosed(protocol, context)) return Prisma.sql`'deny'`;
  return Prisma.sql`CASE WHEN ${suspendedFrom(protocol, context)} THEN 'deny'
    ELSE COALESCE(${ownState(protocol, context)}, ${domainState(protocol, context)}, ${context.plain[protocol]}) END`;
}

/** What the account would have without a rule of its own. */
function baseState(protocol: Protocol, context: QueryContext): Sql {
  if (isClosed(protocol, context)) return Prisma.sql`'deny'`;
  return Prisma.sql`CASE WHEN ${domainSuspendedFrom(protocol, context)} THEN 'deny'
    ELSE COALESCE(${domainState(protocol, context)}, ${context.plain[protocol]}) END`;
}

/** For everybody, by the server's switch or a suspension of all. */
function isClosed(protocol: Protocol, { server, plain }: QueryContext): boolean {
  return !server[protocol] || plain.blocked[protocol];
}

const OWN = Prisma.sql`a."address"`;
/** lib/core/access/subject: a domain's rules go by this name. */
const DOMAIN = Prisma.sql`'@' || a."domain"`;

function ownState(protocol: Protocol, context: QueryContext): Sql {
  return stateOf(OWN, protocol, context);
}

function domainState(protocol: Protocol, context: QueryContext): Sql {
  return stateOf(DOMAIN, protocol, context);
}

function stateOf(subject: Sql, protocol: Protocol, { now }: QueryContext): Sql {
  return Prisma.sql`(SELECT p."state" FROM "Policy" p
    WHERE p."subject" = ${subject} AND p."protocol" = ${protocol} AND (p."until" IS NULL OR p."until" > ${now}))`;
}

/** By the account's own suspension or its domain's. */
function suspendedFrom(protocol: Protocol, context: QueryContext): Sql {
  return suspensionOf(Prisma.sql`${OWN}, ${DOMAIN}`, [protocol, "all"], context);
}

function domainSuspendedFrom(protocol: Protocol, context: QueryContext): Sql {
  return suspensionOf(DOMAIN, [protocol, "all"], context);
}

function suspensionOf(subjects: Sql, protocols: readonly (Protocol | "all")[], { now }: QueryContext): Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "Suspension" s WHERE s."subject" IN (${subjects})
    AND s."protocol" IN (${Prisma.join(protocols)}) AND (s."until" IS NULL OR s."until" > ${now}))`;
}

function suspended(context: QueryContext): Sql {
  if (PROTOCOLS.some((protocol) => context.plain.blocked[protocol])) return Prisma.sql`TRUE`;
  return suspensionOf(Prisma.sql`${OWN}, ${DOMAIN}`, [...PROTOCOLS, "all"], context);
}

function overrideCondition(override: NonNullable<AccountFilter["override"]>, { now }: QueryContext): Sql {
  const state =
    override === "allow" || override === "deny" ? Prisma.sql`AND p."state" = ${override}` : Prisma.empty;
  const exists = Prisma.sql`EXISTS (SELECT 1 FROM "Policy" p WHERE p."subject" = a."address"
    AND (p."until" IS NULL OR p."until" > ${now}) ${state})`;
  return override === "none" ? Prisma.sql`NOT ${exists}` : exists;
}

function differing(context: QueryContext): Sql {
  const each = PROTOCOLS.map(
    (protocol) => Prisma.sql`${effective(protocol, context)} <> ${baseState(protocol, context)}`,
  );
  return Prisma.sql`(${Prisma.join(each, " OR ")})`;
}

function endingBefore({ now }: QueryContext, days: number): Sql {
  const end = now + days * DAY_S;
  return Prisma.sql`(
    EXISTS (SELECT 1 FROM "Policy" p WHERE p."subject" = a."address" AND p."until" > ${now} AND p."until" <= ${end})
    OR EXISTS (SELECT 1 FROM "Suspension" s WHERE s."subject" = a."address" AND s."until" > ${now} AND s."until" <= ${end}))`;
}

/** What the log tells of sign-ins. */
function useConditions(filter: AccountFilter, context: QueryContext): Sql[] {
  const all = PROTOCOLS.flatMap((protocol) => {
    const [used, unused] = [filter[`${protocol}-used`], filter[`${protocol}-unused`]];
    return [
      ...(used === undefined ? [] : [usedWithin(protocol, used, context)]),
      ...(unused === undefined ? [] : [Prisma.sql`NOT ${usedWithin(protocol, unused, context)}`]),
    ];
  });
  if (filter.only !== undefined)
    for (const protocol of PROTOCOLS) {
      const used = usedWithin(protocol, USED_DAYS, context);
      all.push(protocol === filter.only ? used : Prisma.sql`NOT ${used}`);
    }
  if (filter.security !== undefined)
    all.push(lastWith(Prisma.sql`u."security" = ${filter.security}`, context));
  if (filter.tls !== undefined) {
    const isTls = Prisma.sql`u."security" IN ('tls', 'starttls', 'encrypted')`;
    const version = filter.tls === "unknown" ? "" : filter.tls;
    all.push(lastWith(Prisma.sql`${isTls} AND u."tlsVersion" = ${version}`, context));
  }
  if (filter.cleartext !== undefined) all.push(clearWithin(filter.cleartext, context));
  return all;
}

function usedWithin(protocol: Protocol, days: number, { now }: QueryContext): Sql {
  return alsoUsed("a", [protocol], now - days * DAY_S);
}

function lastWith(condition: Sql, { now }: QueryContext): Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "AccountUse" u WHERE u."protocol" IN (${Prisma.join([...PROTOCOLS])})
    AND u."address" = a."address" AND u."lastAt" > ${now - USED_DAYS * DAY_S} AND ${condition})`;
}

function clearWithin(days: number, { now }: QueryContext): Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "AccountUse" u WHERE u."protocol" IN (${Prisma.join([...PROTOCOLS])})
    AND u."address" = a."address" AND u."clearAt" > ${now - days * DAY_S})`;
}
