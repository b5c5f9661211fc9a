import { PROTOCOLS, type Protocol, type State } from "@/lib/core/access/rules";
import { type Base, type QueryContext, queryContext, ruledDomains } from "../accounts/query/context";
import type { Database } from "../database/client";
import type { Scoped } from "../node";

/** What the accounts of a domain come to. Vanished ones aren't counted. */
export interface DomainCounts extends Record<Protocol, { allow: number; deny: number }> {
  accounts: number;
  /** Accounts with a policy of their own. */
  exceptions: number;
  /** Accounts with a suspension of their own; all of them where the domain or everybody is suspended. */
  suspended: number;
}

/** So many accounts of a domain have the same rules of their own. */
interface Group {
  domain: string;
  imap: State | null;
  pop3: State | null;
  imapBlocked: number | bigint;
  pop3Blocked: number | bigint;
  hasPolicy: number | bigint;
  accounts: number | bigint;
}

/**
 * Counts by what accounts have of their own: most have nothing, and are never read. The order of layers is that of
 * lib/core/access/decide; a test holds the two together.
 */
export async function domainCounts(
  scoped: Scoped,
  names: readonly string[],
  context?: QueryContext,
): Promise<Map<string, DomainCounts>> {
  const { db } = scoped;
  const known = context ?? (await queryContext(scoped));
  const { now, server, plain } = known;
  const [ruled, sizes, groups] = await Promise.all([
    ruledDomains(db, known, names),
    db.domain.findMany({ where: { name: { in: [...names] } } }),
    ownRules(db, names, now),
  ]);
  const counts = new Map<string, DomainCounts>();
  for (const name of names) {
    const base = ruled.get(name) ?? plain;
    const accounts = sizes.find((size) => size.name === name)?.accounts ?? 0;
    counts.set(
      name,
      tally(
        accounts,
        base,
        server,
        groups.filter(({ domain }) => domain === name),
      ),
    );
  }
  return counts;
}

function tally(
  accounts: number,
  base: Base,
  server: QueryContext["server"],
  groups: readonly Group[],
): DomainCounts {
  const withOwn = groups.reduce((sum, group) => sum + Number(group.accounts), 0);
  const sum = (matches: (group: Group) => boolean) =>
    groups.filter(matches).reduce((total, group) => total + Number(group.accounts), 0);
  const of = (protocol: Protocol) => {
    const effective = (own: State | null, blocked: boolean): State =>
      !server[protocol] || base.blocked[protocol] || blocked ? "deny" : (own ?? base[protocol]);
    const denied =
      sum((group) => effective(group[protocol], Boolean(Number(group[`${protocol}Blocked`]))) === "deny") +
      (effective(null, false) === "deny" ? Math.max(0, accounts - withOwn) : 0);
    return { allow: Math.max(0, accounts - denied), deny: denied };
  };
  const allBlocked = PROTOCOLS.some((protocol) => base.blocked[protocol]);
  return {
    accounts,
    imap: of("imap"),
    pop3: of("pop3"),
    exceptions: sum(({ hasPolicy }) => Number(hasPolicy) > 0),
    suspended: allBlocked
      ? accounts
      : sum(({ imapBlocked, pop3Blocked }) => Number(imapBlocked) + Number(pop3Blocked) > 0),
  };
}

async function ownRules(db: Database, names: readonly string[], now: number): Promise<Group[]> {
  const wanted = JSON.stringify(names);
  return await db.$queryRaw<Group[]>`
    SELECT "domain", "imap", "pop3", "imapBlocked", "pop3Blocked", "hasPolicy", count(*) AS "accounts" FROM (
      SELECT a."domain", max(r."imap") AS "imap", max(r."pop3") AS "pop3", max(r."imapBlocked") AS "imapBlocked",
        max(r."pop3Blocked") AS "pop3Blocked", max(r."hasPolicy") AS "hasPolicy"
      FROM (
        SELECT p."domain", p."subject", CASE p."protocol" WHEN 'imap' THEN p."state" END AS "imap",
          CASE p."protocol" WHEN 'pop3' THEN p."state" END AS "pop3", 0 AS "imapBlocked", 0 AS "pop3Blocked", 1 AS "hasPolicy"
        FROM json_each(${wanted}) j CROSS JOIN "Policy" p ON p."level" = 'account' AND p."domain" = j.value
          AND p."protocol" IN ('imap', 'pop3') AND (p."until" IS NULL OR p."until" > ${now})
        UNION ALL
        SELECT s."domain", s."subject", NULL, NULL, s."protocol" IN ('imap', 'all'), s."protocol" IN ('pop3', 'all'), 0
        FROM json_each(${wanted}) j CROSS JOIN "Suspension" s ON s."level" = 'account' AND s."domain" = j.value
          AND (s."until" IS NULL OR s."until" > ${now})
      ) r CROSS JOIN "Account" a INDEXED BY "Account_domain_address_vanishedAt_idx"
        ON a."domain" = r."domain" AND a."address" = r."subject" AND a."vanishedAt" IS NULL
      GROUP BY r."subject")
    GROUP BY "domain", "imap", "pop3", "imapBlocked", "pop3Blocked", "hasPolicy"`;
}
