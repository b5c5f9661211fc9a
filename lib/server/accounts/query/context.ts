import { PROTOCOLS, type Protocol, type State } from "@/lib/core/access/rules";
import type { Database } from "../../database/client";
import { latestRevision } from "../../mailserver/revisions";

/** What an account without a rule of its own comes to, by its domain. */
export interface Base {
  imap: State;
  pop3: State;
  /** Suspended by the domain's or everybody's suspension: an account's own allow doesn't help. */
  blocked: Readonly<Record<Protocol, boolean>>;
}

/** Everything above the single accounts, worked out once for a query. `now` in Unix seconds. */
export interface QueryContext {
  now: number;
  server: Readonly<Record<Protocol, boolean>>;
  /** Of a domain without a rule. */
  plain: Base;
  /** Of the domains with a live rule. */
  special: ReadonlyMap<string, Base>;
}

interface Rule {
  domain: string;
  protocol: Protocol | "all";
  state: State | "suspended";
}

/** Domain and server rules are few (thousands at most), whatever the number of accounts. */
export async function queryContext(db: Database): Promise<QueryContext> {
  const now = Date.now() / 1000;
  const [{ values }, rules] = await Promise.all([
    latestRevision(db),
    db.$queryRaw<(Rule & { level: string })[]>`
      SELECT "level", "domain", "protocol", "state" FROM "Policy"
      WHERE "level" IN ('domain', 'server') AND ("until" IS NULL OR "until" > ${now})
      UNION ALL SELECT "level", "domain", "protocol", 'suspended' FROM "Suspension"
      WHERE "level" IN ('domain', 'server') AND ("until" IS NULL OR "until" > ${now})`,
  ]);
  const server = Object.fromEntries(
    PROTOCOLS.map((protocol) => [protocol, values[protocol]]),
  ) as QueryContext["server"];
  const plain = baseOf(
    { imap: "allow", pop3: "allow", blocked: { imap: false, pop3: false } },
    rules.filter(({ level }) => level === "server"),
    server,
  );
  const byDomain = new Map<string, Rule[]>();
  for (const rule of rules.filter(({ level }) => level === "domain"))
    byDomain.set(rule.domain, [...(byDomain.get(rule.domain) ?? []), rule]);
  const special = new Map([...byDomain].map(([domain, own]) => [domain, baseOf(plain, own, server)]));
  return { now, server, plain, special };
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
