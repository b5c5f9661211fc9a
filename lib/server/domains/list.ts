import { type Decision, decide } from "@/lib/core/access/decide";
import type { DomainFilter } from "@/lib/core/access/domain-query";
import { isLive, type Policy, PROTOCOLS, type Protocol, type Suspension } from "@/lib/core/access/rules";
import { domainSubject, EVERYBODY } from "@/lib/core/access/subject";
import { Prisma } from "@/prisma/client/client";
import { layersFrom } from "../access/layers";
import { rulesOf } from "../access/rows";
import { type Base, type QueryContext, queryContext, ruledDomains } from "../accounts/query/context";
import { latestRevision } from "../mailserver/revisions";
import type { Scoped } from "../node";
import { tellInstant } from "../tell-instant";
import { type DomainCounts, domainCounts } from "./counts";

/** A domain with its rules, and what its accounts come to. */
export interface DomainRow {
  name: string;
  counts: DomainCounts;
  /** For an account there without a rule of its own. */
  protocols: Record<Protocol, Decision & { own: Policy | undefined }>;
  /** Live ones of the domain itself. */
  suspensions: Suspension[];
  lastChange: { actor: string; at: string; reason: string } | undefined;
}

export interface DomainPage {
  rows: DomainRow[];
  hasNext: boolean;
  hasPrevious: boolean;
}

interface DomainRequest {
  filter: DomainFilter;
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** Domains that have accounts or rules, by name, a page at a time. */
export async function listDomains(scoped: Scoped, request: DomainRequest): Promise<DomainPage> {
  const { db } = scoped;
  const { after, before, limit } = request;
  const context = await queryContext(scoped);
  const backwards = before !== undefined;
  const where = [
    conditionsFor(request.filter, context, await ruledDomains(db, context)),
    after === undefined ? Prisma.sql`TRUE` : Prisma.sql`"name" > ${after}`,
    before === undefined ? Prisma.sql`TRUE` : Prisma.sql`"name" < ${before}`,
  ];
  const found = await db.$queryRaw<{ name: string }[]>`
    SELECT "name" FROM (${EVERY_DOMAIN}) WHERE ${Prisma.join(where, " AND ")}
    ORDER BY "name" ${backwards ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${limit + 1}`;
  const names = found.slice(0, limit).map(({ name }) => name);
  if (backwards) names.reverse();
  const isMore = found.length > limit;
  return {
    rows: await domainRows(scoped, names, context),
    hasNext: backwards || isMore,
    hasPrevious: backwards ? isMore : after !== undefined,
  };
}

export async function countDomains(scoped: Scoped, filter: DomainFilter): Promise<number> {
  const { db } = scoped;
  const context = await queryContext(scoped);
  const [row] = await db.$queryRaw<{ count: number | bigint }[]>`
    SELECT count(*) AS "count" FROM (${EVERY_DOMAIN}) WHERE ${conditionsFor(filter, context, await ruledDomains(db, context))}`;
  return Number(row?.count ?? 0);
}

/** Those with rules alone are few, so that nothing large is sorted to have each once. */
const EVERY_DOMAIN = Prisma.sql`
  SELECT "name" FROM "Domain"
  UNION ALL SELECT r."domain" FROM (
    SELECT "domain" FROM "Policy" WHERE "level" = 'domain' AND "protocol" IN ('imap', 'pop3')
    UNION SELECT "domain" FROM "Suspension" WHERE "level" = 'domain') r
  WHERE NOT EXISTS (SELECT 1 FROM "Domain" d WHERE d."name" = r."domain")`;

/** Domains with a live rule are few: what they come to is known by name, and all others come to the same. */
function conditionsFor(
  filter: DomainFilter,
  { plain, scope }: QueryContext,
  ruled: ReadonlyMap<string, Base>,
): Prisma.Sql {
  const all = [filter.q === "" ? Prisma.sql`TRUE` : Prisma.sql`instr("name", ${filter.q}) > 0`];
  if (scope !== null) all.push(Prisma.sql`"name" IN (SELECT value FROM json_each(${JSON.stringify(scope)}))`);
  const names = (matching: boolean) =>
    JSON.stringify(
      [...ruled]
        .filter(
          ([, base]) =>
            PROTOCOLS.every((protocol) => (filter[protocol] ?? base[protocol]) === base[protocol]) ===
            matching,
        )
        .map(([name]) => name),
    );
  const isSpecial = Prisma.sql`"name" IN (SELECT value FROM json_each(${JSON.stringify([...ruled.keys()])}))`;
  if (filter.rules === "yes") all.push(isSpecial);
  if (filter.rules === "no") all.push(Prisma.sql`NOT ${isSpecial}`);
  const plainMatches = PROTOCOLS.every(
    (protocol) => (filter[protocol] ?? plain[protocol]) === plain[protocol],
  );
  all.push(
    plainMatches
      ? Prisma.sql`"name" NOT IN (SELECT value FROM json_each(${names(false)}))`
      : Prisma.sql`"name" IN (SELECT value FROM json_each(${names(true)}))`,
  );
  return Prisma.join(all, " AND ");
}

/** What is true of these domains now, in the order given. */
async function domainRows(
  scoped: Scoped,
  names: readonly string[],
  context?: QueryContext,
): Promise<DomainRow[]> {
  const { db } = scoped;
  const [counts, rules, { values }] = await Promise.all([
    domainCounts(scoped, names, context),
    rulesOf(db, [...names.map(domainSubject), EVERYBODY]),
    latestRevision(db),
  ]);
  const now = Date.now() / 1000;
  return names.flatMap((name) => {
    // No account is named "": what is left are the rules of its domain and of everybody.
    const layers = layersFrom(rules, values, ["", domainSubject(name), EVERYBODY]);
    const own = layers.policies.domain;
    const suspensions = layers.suspensions.domain.filter((one) => isLive(one, now));
    const counted = counts.get(name);
    if (!counted) return [];
    return [
      {
        name,
        counts: counted,
        protocols: Object.fromEntries(
          PROTOCOLS.map((protocol) => [
            protocol,
            {
              ...decide(protocol, layers, now, tellInstant),
              own: own.find((policy) => policy.protocol === protocol && isLive(policy, now)),
            },
          ]),
        ) as DomainRow["protocols"],
        suspensions,
        lastChange: [...own, ...layers.suspensions.domain]
          .map(({ by }) => by)
          .toSorted((a, b) => b.at.localeCompare(a.at))[0],
      },
    ];
  });
}
