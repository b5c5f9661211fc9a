import type { AccountFilter, Sort } from "@/lib/core/access/filter";
import { NO_FILTER } from "@/lib/core/access/filter";
import { listAccounts } from "@/lib/server/accounts/list";
import { serverSource } from "@/lib/server/accounts/listing/sources";
import { syncAccounts } from "@/lib/server/accounts/listing/sync";
import { countAccounts } from "@/lib/server/accounts/query/count";
import type { TestSandbox } from "../support/sandbox";
import { BIG, LARGE, type Size, SMALL } from "./access/seed";
import { addRules, startSite } from "./access/server";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";

const ACTOR = { name: "bench", origin: "cli" as const };
const ROUNDS = 40;

/** Each page that a reviewer asks for: filter and, for deep ones, where it begins. */
const PAGES: readonly [what: string, filter: Partial<AccountFilter>, deep?: boolean][] = [
  ["first page", {}],
  ["deep page", {}, true],
  ["domain of 100", { domain: "customer-4711.example" }],
  ["the big domain, deep", { domain: BIG }, true],
  ["POP3 denied", { pop3: "deny" }],
  ["POP3 denied, deep", { pop3: "deny" }, true],
  ["POP3 allowed", { pop3: "allow" }],
  ["IMAP denied", { imap: "deny" }],
  ["any override", { override: "any" }],
  ["override allow", { override: "allow" }],
  ["no override", { override: "none" }],
  ["suspended (none is)", { suspended: "yes" }],
  ["differs from its domain", { differs: "yes" }],
  ["ending in 7 days (none does)", { ending: 7 }],
  ["rare substring", { q: "smith.zz" }],
  ["common substring", { q: "customer" }],
  ["substring of a few thousand", { q: "customer-77" }],
  ["substring that nothing has", { q: "nobody-has-this" }],
  ["two letters", { q: "zo" }],
  ["substring and POP3 denied", { q: "support.", pop3: "deny" }],
];

/** The accounts page's query and everything that a row shows, for a million accounts and for ten thousand. */
export default async function accessPages(): Promise<BenchReport> {
  const rows: BenchRow[] = [];
  const notes: string[] = [];
  const small = await prepared(SMALL, [], "10,000");
  const large = await prepared(LARGE, rows, "1,000,000");
  for (const sort of ["domain", "address"] as const)
    for (const [what, filter, deep] of PAGES) {
      const [ours, floor] = [
        await pageTimes(large, filter, sort, deep),
        await pageTimes(small, filter, sort, deep),
      ];
      rows.push({
        what: sort === "domain" ? what : `${what}, by address`,
        unit: "ms",
        ours: figuresOf(ours),
        floor: { what: "the same of 10,000", figures: figuresOf(floor) },
        target: "p95 ≤ 50 ms",
      });
    }
  for (const filter of [
    { pop3: "deny" },
    { override: "any" },
    { q: "customer" },
    { differs: "yes" },
  ] as const)
    rows.push({
      what: `count, up to 10,000: ${JSON.stringify(filter)}`,
      unit: "ms",
      ours: figuresOf(
        await repeated(5, async () => await countAccounts(large.node, { ...NO_FILTER, ...filter })),
      ),
    });
  await small.remove();
  await large.remove();
  notes.push(
    "Floor columns hold the same page of 10,000 accounts: a keyset page should cost at most twice as much of a million.",
  );
  return { title: "Accounts: a page of 50 with states, reasons and proofs", rows, notes };
}

async function prepared(size: Size, rows: BenchRow[], name: string): Promise<TestSandbox> {
  const site = await startSite(size);
  for (const round of ["first", "again, nothing new"]) {
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    const listed = await syncAccounts(site.node, ACTOR, serverSource(site.node.instance));
    rows.push({
      what: `sync of ${name} accounts, ${round} (${listed.outcome})`,
      unit: "s",
      ours: figure((performance.now() - begun) / 1000),
      target: "≤ 30 s",
    });
    rows.push({
      what: `  memory it took`,
      unit: "MB",
      ours: figure((process.memoryUsage().rss - before) / 1e6),
      target: "flat",
    });
  }
  rows.push({
    what: "map of all rules, built",
    unit: "s",
    ours: figure((await addRules(site, size)) / 1000),
  });
  return site;
}

async function pageTimes(
  { node }: TestSandbox,
  filter: Partial<AccountFilter>,
  sort: Sort,
  deep = false,
): Promise<number[]> {
  const request = { filter: { ...NO_FILTER, ...filter }, sort, limit: 50 };
  const after = deep
    ? {
        domain: filter.domain ?? "customer-5.example",
        address: filter.domain ? `info.c@${filter.domain}` : "n@customer-5.example",
      }
    : undefined;
  return await repeated(ROUNDS, async () => await listAccounts(node, { ...request, after }), 3);
}
