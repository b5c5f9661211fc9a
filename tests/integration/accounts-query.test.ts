import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decide, type Layers } from "@/lib/core/access/decide";
import { type AccountFilter, NO_FILTER, SORTS } from "@/lib/core/access/filter";
import { domainOf } from "@/lib/core/access/name";
import { isLive, PROTOCOLS } from "@/lib/core/access/rules";
import { subjectsFor } from "@/lib/core/access/subject";
import { layersFrom } from "@/lib/server/access/layers";
import { rulesOf } from "@/lib/server/access/rows";
import { writePolicies } from "@/lib/server/access/write-policies";
import { writeSuspensions } from "@/lib/server/access/write-suspensions";
import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { cheapCount, countAccounts } from "@/lib/server/accounts/query/count";
import { accountsPage } from "@/lib/server/accounts/query/page";
import { SORTABLE } from "@/lib/server/accounts/query/sources";
import type { Database } from "@/lib/server/database/client";
import { addRevision, latestRevision } from "@/lib/server/mailserver/revisions";
import { testDatabase } from "../support/database";
import { runs } from "../support/once";

const ACCOUNTS = [
  "anna@a.test",
  "ben@a.test",
  "Carol@a.test".toLowerCase(),
  "anna@b.test",
  "zoë@b.test",
  "dora@c.test",
  "noat",
  "x@y@b.test",
];
/** Of accounts that no listing names. */
const STRANGERS = "strangers.test";
const DOMAINS = [...new Set(ACCOUNTS.map(domainOf))];
const SUBJECTS = [...ACCOUNTS, ...DOMAINS.map((domain) => `@${domain}`), "*"];

const now = Math.floor(Date.now() / 1000);
const until = fc.constantFrom(null, now - 100, now + 86_400, now + 30 * 86_400);
const policies = fc.uniqueArray(
  fc.record({
    kind: fc.constant("policy" as const),
    subject: fc.constantFrom(...SUBJECTS),
    protocol: fc.constantFrom(...PROTOCOLS),
    state: fc.constantFrom("allow" as const, "deny" as const),
    until,
  }),
  { selector: ({ subject, protocol }) => `${subject} ${protocol}`, maxLength: 8 },
);
const suspensions = fc.array(
  fc.record({
    kind: fc.constant("suspend" as const),
    subject: fc.constantFrom(...SUBJECTS),
    protocol: fc.constantFrom("imap" as const, "pop3" as const, "all" as const),
    rank: fc.constant("operator" as const),
    reason: fc.constant("bill"),
    ticket: fc.constant("7"),
    until,
  }),
  { maxLength: 3 },
);
const optional = <T>(...values: T[]) => fc.constantFrom(undefined, undefined, ...values);
const ruleFilters = fc.record({
  q: fc.constantFrom("", "", "", "a", "an", "ann", "@b", "b.test", "nothing", 'q"uote', "zoë"),
  domain: optional(...DOMAINS),
  imap: optional("allow" as const, "deny" as const),
  pop3: optional("allow" as const, "deny" as const),
  override: optional("any" as const, "none" as const, "allow" as const, "deny" as const),
  suspended: optional("yes" as const, "no" as const),
  differs: optional("yes" as const),
  ending: optional(7),
  note: optional("yes" as const, "no" as const),
});

/** Who has a note. */
const noted = fc.subarray([...ACCOUNTS, "unlisted@a.test"]);

/** One or two conditions: more together take nobody. */
const useFilters = fc
  .uniqueArray(
    fc.constantFrom<Partial<AccountFilter>>(
      { "imap-used": 5 },
      { "pop3-used": 60 },
      { "imap-unused": 60 },
      { "pop3-unused": 5 },
      { cleartext: 40 },
      { security: "tls" },
      { security: "cleartext" },
      { tls: "TLSv1.2" },
      { tls: "unknown" },
      { only: "imap" },
      { only: "pop3" },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((some): Partial<AccountFilter> => Object.assign({}, ...some));
const alone = fc.constantFrom<Partial<AccountFilter>>(
  {},
  {},
  { pop3: "allow" },
  { domain: "a.test" },
  { vanished: "all" },
  { q: "ann" },
);
const filters: fc.Arbitrary<AccountFilter> = fc.oneof(
  ruleFilters,
  fc.tuple(useFilters, alone).map(([used, more]) => ({ ...NO_FILTER, ...used, ...more })),
);

interface Use {
  address: string;
  protocol: "imap" | "pop3";
  lastAt: number;
  security: "tls" | "cleartext";
  tlsVersion: string;
  clearAt: number | null;
}

const instant = fc.constantFrom(2, 20, 50, 100).map((days) => now - days * 86_400);
const uses = fc.uniqueArray(
  fc.record({
    address: fc.constantFrom(...ACCOUNTS, "unlisted@a.test"),
    protocol: fc.constantFrom(...PROTOCOLS),
    lastAt: instant,
    security: fc.constantFrom("tls" as const, "cleartext" as const),
    tlsVersion: fc.constantFrom("", "TLSv1.2", "TLSv1.3"),
    clearAt: fc.option(instant),
  }),
  { selector: ({ address, protocol }) => `${address} ${protocol}`, maxLength: 10 },
);

/** What the log tells of an account, without any SQL. */
function matchesUse(own: readonly Use[], filter: AccountFilter): boolean {
  const within = (at: number | null | undefined, days: number) => at != null && at > now - days * 86_400;
  const last = (protocol: "imap" | "pop3") => own.find((one) => one.protocol === protocol)?.lastAt;
  const lately = own.filter(({ lastAt }) => within(lastAt, 30));
  const other = filter.only === "imap" ? "pop3" : "imap";
  const { security, tls, cleartext, only } = filter;
  return [
    ...PROTOCOLS.flatMap((protocol) => {
      const [used, unused] = [filter[`${protocol}-used`], filter[`${protocol}-unused`]];
      return [
        used === undefined || within(last(protocol), used),
        unused === undefined || !within(last(protocol), unused),
      ];
    }),
    cleartext === undefined || own.some(({ clearAt }) => within(clearAt, cleartext)),
    security === undefined || lately.some((one) => one.security === security),
    tls === undefined ||
      lately.some((one) => one.security === "tls" && one.tlsVersion === (tls === "unknown" ? "" : tls)),
    only === undefined || (within(last(only), 30) && !within(last(other), 30)),
  ].every(Boolean);
}

/** What the core says of an account, without any SQL of the query. */
function matches(
  address: string,
  gone: boolean,
  layers: Layers,
  domainLayers: Layers,
  hasNote: boolean,
  filter: AccountFilter,
): boolean {
  const state = (protocol: "imap" | "pop3", of: Layers) => decide(protocol, of, now, String).effective;
  const own = layers.policies.account.filter((one) => isLive(one, now));
  const ends = [...layers.policies.account, ...layers.suspensions.account].some(
    (one) => one.until !== null && one.until > now && one.until <= now + (filter.ending ?? 0) * 86_400,
  );
  const suspended = Object.values(layers.suspensions).some((list) => list.some((one) => isLive(one, now)));
  const checks = [
    filter.vanished === "all" || (filter.vanished === "yes") === gone,
    filter.q.length < 3 ? address.startsWith(filter.q) : address.includes(filter.q),
    filter.domain === undefined || domainOf(address) === filter.domain,
    ...PROTOCOLS.map(
      (protocol) => filter[protocol] === undefined || state(protocol, layers) === filter[protocol],
    ),
    filter.override === undefined || filter.override === "any" || filter.override === "none"
      ? filter.override === undefined || (filter.override === "any") === own.length > 0
      : own.some((one) => one.state === filter.override),
    filter.suspended === undefined || (filter.suspended === "yes") === suspended,
    filter.differs === undefined ||
      PROTOCOLS.some((protocol) => state(protocol, layers) !== state(protocol, domainLayers)),
    filter.ending === undefined || ends,
    filter.note === undefined || (filter.note === "yes") === hasNote,
  ];
  return checks.every(Boolean);
}

describe("the accounts query", () => {
  let db: Database;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
    db = database.db;
    await addSeen(db, ACCOUNTS, new Date());
    await db.account.updateMany({
      where: { address: { in: ["ben@a.test", "noat"] } },
      data: { vanishedAt: new Date() },
    });
    await countDomains(db);
  });
  const everything = () => ({ db, scope: null });
  afterAll(async () => await database.remove());
  afterEach(async () => await clear());
  const clear = async () => {
    await db.accessChangeItem.deleteMany();
    await db.policy.deleteMany();
    await db.suspension.deleteMany();
    await db.accessChange.deleteMany();
    await db.accountUse.deleteMany({ where: { domain: { not: STRANGERS } } });
    await db.note.deleteMany();
  };

  /** So many uses that accounts are no longer looked for among them one by one. */
  const addStrangers = async () => {
    await db.$executeRaw`
      INSERT INTO "AccountUse" ("protocol", "address", "domain", "lastAt", "security", "tlsVersion", "clearAt")
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${SORTABLE + 1})
      SELECT p.value, n || '@' || ${STRANGERS}, ${STRANGERS}, ${now - 60}, 'cleartext', '', ${now - 60}
      FROM c, json_each('["imap", "pop3"]') p`;
  };

  it.each([
    ["little is used", runs(80), async () => {}],
    ["much is used", runs(30), addStrangers],
  ] as const)(
    "finds, in order and page by page, exactly what the access model says, where %s",
    async (_, numRuns, prepare) => {
      await prepare();
      await fc.assert(
        fc.asyncProperty(
          policies,
          suspensions,
          fc.record({ used: uses, noted }),
          filters,
          fc.option(fc.subarray(DOMAINS), { freq: 2 }),
          fc.constantFrom(...SORTS),
          fc.integer({ min: 1, max: 4 }),
          fc.record({ imap: fc.constantFrom(true, true, false), pop3: fc.constantFrom(true, true, false) }),
          async (rules, blocks, { used, noted: notes }, filter, scope, sort, limit, values) => {
            await clear();
            await db.accountUse.createMany({
              data: used.map((one) => ({ ...one, domain: domainOf(one.address) })),
            });
            await db.note.createMany({
              data: [...notes, ...notes].map((subject) => ({
                subject,
                domain: domainOf(subject),
                text: "seen",
                ticket: "",
                actor: "tester",
                at: new Date(),
              })),
            });
            const actor = { name: "tester", origin: "cli" as const };
            const { number } = await latestRevision(db);
            await db.$transaction(async (write) => {
              await addRevision(write, {
                number: number + 1,
                values: { ...(await latestRevision(write)).values, ...values },
                actor,
                reason: "",
              });
              const change = await write.accessChange.create({
                data: { at: new Date(), actor: "tester", origin: "cli", reason: "", sentence: "", count: 1 },
              });
              await writePolicies(write, change.id, rules);
              await writeSuspensions(write, change.id, blocks);
            });
            const subjects = await rulesOf(db, SUBJECTS);
            const settings = (await latestRevision(db)).values;
            const expected = ACCOUNTS.filter((address) => {
              const [account, domain, all] = subjectsFor(address);
              const own = used.filter((one) => one.address === address);
              return (
                (scope === null || scope.includes(domainOf(address))) &&
                matchesUse(own, filter) &&
                matches(
                  address,
                  ["ben@a.test", "noat"].includes(address),
                  layersFrom(subjects, settings, [account, domain, all]),
                  layersFrom(subjects, settings, ["", domain, all]),
                  notes.includes(address),
                  filter,
                )
              );
            });
            const key = (address: string) =>
              sort.endsWith("domain") ? `${domainOf(address)}\u0000${address}` : address;
            expected.sort((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))));
            if (sort.startsWith("-")) expected.reverse();

            const forwards: string[] = [];
            let page = await accountsPage({ db, scope }, { filter, sort, limit });
            forwards.push(...page.accounts.map(({ address }) => address));
            while (page.hasNext) {
              page = await accountsPage({ db, scope }, { filter, sort, limit, after: page.accounts.at(-1) });
              forwards.push(...page.accounts.map(({ address }) => address));
            }
            expect(forwards).toEqual(expected);
            const last = page.accounts[0];
            if (last && page.hasPrevious) {
              const before = await accountsPage({ db, scope }, { filter, sort, limit, before: last });
              const at = expected.indexOf(last.address);
              expect(before.accounts.map(({ address }) => address)).toEqual(
                expected.slice(Math.max(0, at - limit), at),
              );
              expect(before.hasPrevious).toBe(at > limit);
            }
            expect(await countAccounts({ db, scope }, filter)).toEqual({
              count: expected.length,
              isMore: false,
            });
            // Up to three; what is known without counting has no limit.
            expect(await countAccounts({ db, scope }, filter, 3)).toEqual(
              (await cheapCount({ db, scope }, filter)) ?? {
                count: Math.min(3, expected.length),
                isMore: expected.length > 3,
              },
            );
          },
        ),
        { numRuns },
      );
    },
  );

  it("counts a text that thousands of local parts hold, and domains too", async () => {
    const other = await testDatabase();
    const everybody = { db: other.db, scope: null };
    const many = Array.from({ length: 6000 }, (_, index) => `team.${index}@a.test`);
    await addSeen(other.db, [...many, "x@team.test", "y@other.test"], new Date());
    await countDomains(other.db);
    const filter = { ...NO_FILTER, q: "team" };
    expect(await countAccounts(everybody, filter)).toEqual({ count: 6001, isMore: false });
    expect(await countAccounts(everybody, filter, 5000)).toEqual({ count: 5000, isMore: true });
    await other.remove();
  });

  it("has a filter that takes everybody", async () => {
    const { accounts } = await accountsPage(everything(), {
      filter: { ...NO_FILTER, vanished: "all" },
      sort: "address",
      limit: 100,
    });
    expect(accounts).toHaveLength(ACCOUNTS.length);
  });
});
