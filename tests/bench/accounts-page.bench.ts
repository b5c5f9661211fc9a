import { type RunningPanel, startPanel } from "../support/panel";
import { BIG, LARGE, type Size, SMALL } from "./access/seed";
import { seedPanel } from "./access/seed-panel";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";
import { residentMb } from "./memory";
import { type Get, signedIn } from "./signed-in";

const ROUNDS = 60;

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
  for (const [what, path] of PAGES) rows.push(...(await rowsOf(what, path, { small, large })));
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
      "Signed in, one after the other on the loopback. Counts that are late are in the last byte, not in the rows.",
      "Floor columns hold the same page of a panel with 10,000 accounts.",
    ],
  };
}

async function rowsOf(
  what: string,
  path: string,
  { small, large }: { small: Seeded; large: Seeded },
): Promise<BenchRow[]> {
  const row = async (name: string, until?: string): Promise<BenchRow> => ({
    what: name,
    unit: "ms",
    ours: figuresOf(await timed(large, path, until)),
    floor: { what: "the same of 10,000", figures: figuresOf(await timed(small, path, until)) },
  });
  if (!path.startsWith("/accounts?") && path !== "/accounts") return [await row(what)];
  return [await row(`${what}, until its rows are there`, "</main>"), await row(`${what}, to its last byte`)];
}

interface Seeded {
  panel: RunningPanel;
  get: Get;
}

async function seeded(size: Size): Promise<Seeded> {
  const panel = await startPanel();
  await seedPanel(panel, size);
  return { panel, get: await signedIn(panel) };
}

async function timed({ get }: Seeded, path: string, until?: string): Promise<number[]> {
  return await repeated(ROUNDS, () => get(path, until), 10);
}
