import type { Protocol, State } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import { DAY_S } from "./conditions";
import type { KeyColumns } from "./order";
import { ACCOUNT, type Candidates, type Query, type Source, source } from "./source";

/** Sorting so many accounts is as quick as finding a page of them by trying all in order. */
export const SORTABLE = 7000;

/** Accounts in the list's order, each tried: for filters that most accounts pass. */
export const scan = source(({ order }) => ({
  from:
    order.by === "domain"
      ? Prisma.sql`"Account" a INDEXED BY "Account_domain_address_vanishedAt_idx"`
      : Prisma.sql`"Account" a INDEXED BY "Account_address_key"`,
  key: ACCOUNT,
  where: Prisma.sql`TRUE`,
}));

/** The few whose local part holds a phrase, out of its index. */
export function searchedLocal(phrase: string): Source {
  return source(() => ({
    from: Prisma.sql`"AccountSearch" f CROSS JOIN "Account" a ON a."id" = f.rowid`,
    key: ACCOUNT,
    where: Prisma.sql`f."AccountSearch" MATCH ${phrase}`,
  }));
}

/** Accounts that the last listing doesn't name. */
export const vanished = source(() => ({
  from: Prisma.sql`"Account" a INDEXED BY "Account_vanishedAt_idx"`,
  key: ACCOUNT,
  where: Prisma.sql`a."vanishedAt" IS NOT NULL`,
}));

/** Accounts of which the daemon said something else than what is effective. */
export const contradicted = source(() => ({
  from: Prisma.sql`(SELECT DISTINCT "address" FROM "Proof" INDEXED BY "Proof_differs_idx" WHERE "differs" = TRUE) x
    CROSS JOIN "Account" a ON a."address" = x."address"`,
  key: ACCOUNT,
  where: Prisma.sql`TRUE`,
}));

/** Accounts with a note, each once. */
export const noted = source(() => ({
  from: Prisma.sql`(SELECT DISTINCT "subject" FROM "Note") x CROSS JOIN "Account" a ON a."address" = x."subject"`,
  key: ACCOUNT,
  where: Prisma.sql`TRUE`,
}));

/** By the domain too: rules and accounts are in the same order then, and one index has all that is asked of an account. */
const ITS_ACCOUNT = Prisma.sql`CROSS JOIN "Account" a INDEXED BY "Account_domain_address_vanishedAt_idx"
  ON a."domain" = r."domain" AND a."address" = r."subject"`;

/** Accounts with a policy of their own for a protocol, read in the order of its index; `state` only, where it matters. */
export function withPolicy(protocol: Protocol, state?: State): Source {
  return source((query) => {
    const { now } = query.context;
    const candidates: Candidates = {
      from: isByDomain(query)
        ? Prisma.sql`"Policy" r INDEXED BY "Policy_level_protocol_domain_subject_state_until_idx" ${ITS_ACCOUNT}`
        : Prisma.sql`"Policy" r INDEXED BY "sqlite_autoindex_Policy_1" ${ITS_ACCOUNT}`,
      key: RULE,
      where: Prisma.sql`r."level" = 'account' AND r."protocol" = ${protocol} ${state ? Prisma.sql`AND r."state" = ${state}` : Prisma.empty} ${ofFilter(query)}`,
    };
    if (state !== "deny" || query.filter[protocol] !== "deny") return candidates;
    // No other rule allows what an account's own denies.
    return {
      ...candidates,
      where: Prisma.sql`${candidates.where} AND (r."until" IS NULL OR r."until" > ${now})`,
      settled: protocol,
    };
  });
}

/** Accounts with a suspension of their own. */
export const withSuspension = source((query) => ({
  from: isByDomain(query)
    ? Prisma.sql`"Suspension" r INDEXED BY "Suspension_level_domain_subject_idx" ${ITS_ACCOUNT}`
    : Prisma.sql`"Suspension" r INDEXED BY "Suspension_subject_idx" ${ITS_ACCOUNT}`,
  key: RULE,
  where: Prisma.sql`r."level" = 'account' ${ofFilter(query)}`,
}));

/** Accounts of which a rule of their own ends within so many days: few, and sorted when they are found. */
export function ending(days: number): readonly Source[] {
  const of = (rules: Prisma.Sql) =>
    source(({ context: { now } }) => ({
      from: Prisma.sql`${rules} ${ITS_ACCOUNT}`,
      key: RULE,
      where: Prisma.sql`r."level" = 'account' AND r."until" > ${now} AND r."until" <= ${now + days * DAY_S}`,
    }));
  return [
    of(Prisma.sql`"Policy" r INDEXED BY "Policy_until_idx"`),
    of(Prisma.sql`"Suspension" r INDEXED BY "Suspension_until_idx"`),
  ];
}

const RULE: KeyColumns = { domain: Prisma.sql`r."domain"`, address: Prisma.sql`r."subject"` };

/** Within one domain both orders are the same, and the rules of others are not looked at. */
export function isByDomain({ order, filter }: Query): boolean {
  return order.by === "domain" || filter.domain !== undefined;
}

export function byDomain(query: Query): Query {
  return { ...query, order: { ...query.order, by: "domain" } };
}

/** What a rule alone tells: most that can't match are passed without a look at their accounts. */
function ofFilter({ filter }: Query): Prisma.Sql {
  const inDomain = filter.domain === undefined ? Prisma.empty : Prisma.sql`AND r."domain" = ${filter.domain}`;
  const holding = filter.q === "" ? Prisma.empty : Prisma.sql`AND instr(r."subject", ${filter.q}) > 0`;
  return Prisma.sql`${inDomain} ${holding}`;
}
