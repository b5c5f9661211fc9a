import { PROTOCOLS, type Protocol, type State } from "@/lib/core/access/rules";
import type { Scope } from "@/lib/core/operators/roles";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import { jsonOf } from "../../database/json-of";
import { latestRevision } from "../../mailserver/revisions";
import type { Scoped } from "../../node";

/** What an account without a rule of its own comes to, by its domain. */
export interface Base {
  imap: State;
  pop3: State;
  /** Suspended by the domain's or everybody's suspension: an account's own allow doesn't help. */
  blocked: Readonly<Record<Protocol, boolean>>;
}

/** What bears on every account, worked out once for a query. `now` in Unix seconds. */
export interface QueryContext {
  now: number;
  server: Readonly<Record<Protocol, boolean>>;
  /** Of a domain without a rule. */
  plain: Base;
  scope: Scope;
}

interface Rule {
  domain: string;
  protocol: Protocol | "all";
  state: State | "suspended";
}

export async function queryContext({ db, scope }: Scoped): Promise<QueryContext> {
  const now = Date.now() / 1000;
  const [{ values }, rules] = await Promise.all([
    latestRevision(db),
    liveRules(db, now, Prisma.sql`"level" = 'server'`),
  ]);
  const server = Object.fromEntries(
    PROTOCOLS.map((protocol) => [protocol, values[protocol]]),
  ) as QueryContext["server"];
  const open: Base = { imap: "allow", pop3: "allow", blocked: { imap: false, pop3: false } };
  return { now, server, plain: baseOf(open, rules, server), scope };
}

/**
 * Of the domains with a live rule, or of those among `names` that have one. They are few (thousands at most), whatever the
 * number of accounts.
 */
export async function ruledDomains(
  db: Database,
  { now, server, plain }: QueryContext,
  names?: readonly string[],
): Promise<ReadonlyMap<string, Base>> {
  const isWanted = names
    ? Prisma.sql`"domain" IN (SELECT value FROM json_each(${JSON.stringify(names)}))`
    : Prisma.sql`TRUE`;
  const rules = await liveRules(db, now, Prisma.sql`"level" = 'domain' AND ${isWanted}`);
  const byDomain = new Map<string, Rule[]>();
  for (const rule of rules) {
    const own = byDomain.get(rule.domain);
    if (own) own.push(rule);
    else byDomain.set(rule.domain, [rule]);
  }
  return new Map([...byDomain].map(([domain, own]) => [domain, baseOf(plain, own, server)]));
}

async function liveRules(db: Database, now: number, where: Prisma.Sql): Promise<Rule[]> {
  const isLive = Prisma.sql`${where} AND ("until" IS NULL OR "until" > ${now})`;
  return await jsonOf<Rule[]>(
    db,
    Prisma.sql`
      SELECT json_group_array(json_object('domain', "domain", 'protocol', "protocol", 'state', "state")) FROM (
        SELECT "domain", "protocol", "state" FROM "Policy" WHERE ${isLive}
        UNION ALL SELECT "domain", "protocol", 'suspended' FROM "Suspension" WHERE ${isLive})`,
  );
}

function baseOf(above: Base, rules: readonly Rule[], server: QueryContext["server"]): Base {
  const blocked = (protocol: Protocol) => above.blocked[protocol] || suspends(rules, protocol);
  const of = (protocol: Protocol): State => {
    if (!server[protocol] || blocked(protocol)) return "deny";
    const own = rules.find((rule) => rule.protocol === protocol && rule.state !== "suspended")?.state;
    return own === "allow" || own === "deny" ? own : above[protocol];
  };
  return { imap: of("imap"), pop3: of("pop3"), blocked: { imap: blocked("imap"), pop3: blocked("pop3") } };
}

function suspends(rules: readonly Rule[], protocol: Protocol): boolean {
  return rules.some(
    (rule) => rule.state === "suspended" && (rule.protocol === protocol || rule.protocol === "all"),
  );
}
