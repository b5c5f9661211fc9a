import { readFile } from "node:fs/promises";
import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { nodeAt } from "@/lib/server/node";
import { type RunningPanel, startPanel } from "../support/panel";
import { addresses, BIG, type Size } from "./access/seed";
import { addRules } from "./access/server";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";
import { signedIn } from "./signed-in";

const SMALL: Size = { accounts: 10_000, domains: 100, inBig: 1000, overrides: 1000, domainRules: 20 };
const LARGE: Size = {
  accounts: 1_000_000,
  domains: 10_000,
  inBig: 100_000,
  overrides: 100_000,
  domainRules: 2000,
};
const ROUNDS = 60;
const CHUNK = 10_000;

const PAGES: readonly [what: string, path: string][] = [
  ["first page", "/accounts"],
  ["deep page", "/accounts?after=n%40customer-5.example"],
  ["POP3 denied", "/accounts?pop3=deny"],
  ["any override", "/accounts?override=any"],
  ["search", "/accounts?q=smith.zz"],
  ["one domain's page", `/domains/${BIG}`],
  ["one account's page", `/accounts/${encodeURIComponent(`anna.0@${BIG}`)}`],
  ["domains", "/domains"],
];

/** The pages themselves, as a signed-in browser gets them: with sessions, rendering and what is counted late. */
export default async function accountsPage(): Promise<BenchReport> {
  const small = await seeded(SMALL);
  const large = await seeded(LARGE);
  const rows: BenchRow[] = [];
  for (const [what, path] of PAGES) {
    const [ours, floor] = [await timed(large, path), await timed(small, path)];
    rows.push({
      what,
      unit: "ms",
      ours: figuresOf(ours),
      floor: { what: "the same of 10,000", figures: figuresOf(floor) },
    });
  }
  const memory = await Promise.all((await large.panel.pids()).map(residentMb));
  rows.push({
    what: "memory of the panel's processes at the end, the largest",
    unit: "MB",
    ours: figure(Math.max(...memory)),
    target: "≤ 400 MB",
  });
  await small.panel.remove();
  await large.panel.remove();
  return {
    title: "Accounts: whole pages over HTTP, of 1,000,000 accounts",
    rows,
    notes: [
      "Signed in, one after the other on the loopback, to the last byte: counts that come late are in it.",
      "Floor columns hold the same page of a panel with 10,000 accounts.",
    ],
  };
}

interface Seeded {
  panel: RunningPanel;
  get(path: string): Promise<string>;
}

async function seeded(size: Size): Promise<Seeded> {
  const panel = await startPanel();
  const home = homeAt(panel.home);
  const db = openDatabase(home.database);
  let chunk: string[] = [];
  for (const address of addresses(size)) {
    chunk.push(address);
    if (chunk.length < CHUNK) continue;
    await addSeen(db, chunk, new Date());
    chunk = [];
  }
  await addSeen(db, chunk, new Date());
  await countDomains(db);
  await addRules({ node: await nodeAt(home, db) }, size);
  await db.$disconnect();
  return { panel, get: await signedIn(panel) };
}

async function timed(panel: Seeded, path: string): Promise<number[]> {
  return await repeated(ROUNDS, () => panel.get(path), 10);
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
