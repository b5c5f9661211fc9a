import type { AccountFilter } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { QueryContext } from "./context";

type Sql = Prisma.Sql;

export const DAY_S = 86_400;

/**
 * The special domains as a table, for the conditions to join: domain, then state and block by protocol. Materialised, so
 * that it is read once and not for every account.
 */
export function specialDomains({ special }: QueryContext): Sql {
  const rows = [...special].map(([domain, base]) => [
    domain,
    base.imap,
    base.pop3,
    Number(base.blocked.imap),
    Number(base.blocked.pop3),
  ]);
  return Prisma.sql`special("name", "imap", "pop3", "imapBlocked", "pop3Blocked") AS MATERIALIZED (
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4 FROM json_each(${JSON.stringify(rows)}) j)`;
}

/** What must hold for a row of `"Account" a LEFT JOIN special sp ON sp."name" = a."domain"`. */
export function conditions(filter: AccountFilter, context: QueryContext): Sql {
  const all: Sql[] = [];
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
  return Prisma.sql`CASE
    WHEN ${blockedAbove(protocol, context)} OR ${suspendedItself(protocol, context)} THEN 'deny'
    ELSE COALESCE(${ownState(protocol, context)}, ${baseState(protocol, context)}) END`;
}

function baseState(protocol: Protocol, { plain }: QueryContext): Sql {
  const column = protocol === "imap" ? Prisma.sql`sp."imap"` : Prisma.sql`sp."pop3"`;
  return Prisma.sql`COALESCE(${column}, ${plain[protocol]})`;
}

function blockedAbove(protocol: Protocol, { plain, server }: QueryContext): Sql {
  if (!server[protocol]) return Prisma.sql`TRUE`;
  const column = protocol === "imap" ? Prisma.sql`sp."imapBlocked"` : Prisma.sql`sp."pop3Blocked"`;
  return Prisma.sql`COALESCE(${column}, ${Number(plain.blocked[protocol])})`;
}

function ownState(protocol: Protocol, { now }: QueryContext): Sql {
  return Prisma.sql`(SELECT p."state" FROM "Policy" p
    WHERE p."subject" = a."address" AND p."protocol" = ${protocol} AND (p."until" IS NULL OR p."until" > ${now}))`;
}

function suspendedItself(protocol: Protocol, { now }: QueryContext): Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "Suspension" s WHERE s."subject" = a."address"
    AND s."protocol" IN (${protocol}, 'all') AND (s."until" IS NULL OR s."until" > ${now}))`;
}

function suspended(context: QueryContext): Sql {
  const { plain, now } = context;
  const above = Number(plain.blocked.imap || plain.blocked.pop3);
  return Prisma.sql`(COALESCE(sp."imapBlocked" OR sp."pop3Blocked", ${above}) OR EXISTS (
    SELECT 1 FROM "Suspension" s WHERE s."subject" = a."address" AND (s."until" IS NULL OR s."until" > ${now})))`;
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
