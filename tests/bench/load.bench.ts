import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiProblem } from "@/lib/api-client/caller";
import { ApiClient } from "@/lib/api-client/client";
import { type RunningPanel, startPanel } from "../support/panel";
import { addresses, BIG, LARGE } from "./access/seed";
import { seedPanel } from "./access/seed-panel";
import { type Done, lostUpdates } from "./load/lost-updates";
import { addPeople } from "./load/people";
import { type BenchReport, type BenchRow, figure, figuresOf } from "./measure";
import { residentMb } from "./memory";

const REVIEWERS = 200;
const OPERATORS = 20;
const LOAD_MS = 120_000;
const MEMORY_EVERY_MS = 5000;
/** Somebody looks at a page for so long before the next; each pause is between half of it and one and a half. */
const READING_MS = 60_000;
const WRITING_MS = 20_000;
/** So few that two operators often have the same one before them. */
const CONTESTED = 12;

const names = [...addresses({ ...LARGE, accounts: LARGE.inBig + 5000 })].slice(-5000);
const PAGES: readonly (() => string)[] = [
  () => "/",
  () => "/accounts",
  () => `/accounts?q=${oneOf(names).slice(0, 6)}`,
  () => "/accounts?pop3=deny",
  () => `/accounts/${encodeURIComponent(oneOf(names))}`,
  () => `/domains/${oneOf(names).split("@")[1]}`,
  () => "/domains",
  () => "/sessions",
  () => "/mailserver",
  () => "/guide",
];

/** Many people at once: reviewers who read, operators who change the same accounts, on a server with a million. */
export default async function load(): Promise<BenchReport> {
  const panel = await startPanel();
  await seedPanel(panel, LARGE);
  const { cookies, tokens } = await addPeople(panel, { reviewers: REVIEWERS, operators: OPERATORS });
  const seen: Seen = { pages: new Map(), writes: [], reads: [], conflicts: 0, done: [], errors: [] };
  // Each page once before: what is compiled and read at the first request is no load.
  for (const path of PAGES) await readPage(panel, cookies[0] ?? "", path(), { ...seen, pages: new Map() });
  const memory: number[] = [];
  const until = performance.now() + LOAD_MS;
  await Promise.all([
    ...cookies.map((cookie) => review(panel, cookie, until, seen)),
    ...tokens.map((token) => operate(panel, token, until, seen)),
    watchMemory(panel, until, memory),
  ]);
  const lost = await lostUpdates(panel, seen.done);
  await panel.remove();
  for (const line of [...new Set(seen.errors), ...lost].slice(0, 20)) process.stdout.write(`  ${line}\n`);
  return {
    title: `Load: ${REVIEWERS} reviewers reading and ${OPERATORS} operators writing, 1,000,000 accounts, two minutes`,
    rows: rowsOf(seen, lost, memory),
    notes: [
      `A reviewer opens a page every ${READING_MS / 1000} s, an operator changes one of ${CONTESTED} accounts every ${WRITING_MS / 1000} s (half to one and a half of that, by chance), with the ETag of what he read.`,
      "Readers fetch whole pages with their sessions; writers use the HTTP API. Client, panel, keeper and Dovecot share the machine's cores.",
      "An update is lost when a change that was answered as done is not in the history, or stands upon something else than the one before it.",
    ],
  };
}

interface Seen {
  pages: Map<string, number[]>;
  writes: number[];
  reads: number[];
  conflicts: number;
  done: Done[];
  errors: string[];
}

async function review(panel: RunningPanel, cookie: string, until: number, seen: Seen): Promise<void> {
  await sleep(Math.random() * READING_MS);
  while (performance.now() < until) {
    await readPage(panel, cookie, oneOf(PAGES)(), seen);
    await pause(READING_MS, until);
  }
}

async function readPage(panel: RunningPanel, cookie: string, path: string, seen: Seen): Promise<void> {
  const begun = performance.now();
  try {
    const answer = await fetch(panel.url + path, { headers: { cookie }, redirect: "manual" });
    await answer.text();
    const kind = path.replace(/\?(\w+)=.*/, "?$1").replace(/^(\/\w+)\/.*/, "$1/…");
    seen.pages.set(kind, [...(seen.pages.get(kind) ?? []), performance.now() - begun]);
    if (answer.status !== 200) seen.errors.push(`${path}: ${answer.status}`);
  } catch (error) {
    seen.errors.push(`${path}: ${String(error)}`);
  }
}

async function operate(panel: RunningPanel, token: string, until: number, seen: Seen): Promise<void> {
  const client = new ApiClient(panel.url, token);
  const contested = Array.from(
    { length: CONTESTED },
    (_, index) => `anna.${(index * 10).toString(36)}@${BIG}`,
  );
  await sleep(Math.random() * WRITING_MS);
  while (performance.now() < until) {
    await writeOnce(client, oneOf(contested), seen).catch((error) => seen.errors.push(String(error)));
    await pause(WRITING_MS, until);
  }
}

async function writeOnce(client: ApiClient, address: string, seen: Seen): Promise<void> {
  const readAt = performance.now();
  const { etag } = await client.showAccount({ params: { address } });
  seen.reads.push(performance.now() - readAt);
  // Time to think, in which another may change it.
  await sleep(500 + Math.random() * 1500);
  const begun = performance.now();
  try {
    const { body } = await client.setAccount({
      params: { address },
      ifMatch: etag ?? "",
      body: { pop3: oneOf(["allow", "deny", "inherit"] as const), reason: "load" },
    });
    seen.writes.push(performance.now() - begun);
    seen.done.push({ address, change: body.change });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.status !== 412) throw error;
    seen.conflicts++;
  }
}

async function watchMemory(panel: RunningPanel, until: number, memory: number[]): Promise<void> {
  const pids = await panel.pids();
  while (performance.now() < until) {
    memory.push(Math.max(...(await Promise.all(pids.map(residentMb)))));
    await pause(MEMORY_EVERY_MS, until);
  }
}

function rowsOf({ pages, writes, reads, conflicts, done, errors }: Seen, lost: string[], memory: number[]) {
  const all = [...pages.values()].flat();
  const half = Math.floor(memory.length / 2);
  return [
    { what: "all pages", unit: "ms", ours: figuresOf(all), target: "p95 ≤ 200 ms" },
    ...[...pages]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, times]): BenchRow => ({ what: `page ${path}`, unit: "ms", ours: figuresOf(times) })),
    { what: "pages a second", unit: "per second", ours: figure(all.length / (LOAD_MS / 1000)) },
    { what: "API: an account read", unit: "ms", ours: figuresOf(reads) },
    { what: "API: a change, in force when it answers", unit: "ms", ours: figuresOf(writes) },
    { what: "changes done", unit: "count", ours: figure(done.length) },
    { what: "changes refused because another was quicker", unit: "count", ours: figure(conflicts) },
    { what: "errors", unit: "count", ours: figure(errors.length), target: "0" },
    { what: "updates lost", unit: "count", ours: figure(lost.length), target: "0" },
    {
      what: "memory of the largest process, first minute",
      unit: "MB",
      ours: figuresOf(memory.slice(0, half)),
    },
    {
      what: "memory of the largest process, second minute",
      unit: "MB",
      ours: figuresOf(memory.slice(half)),
      target: "flat",
    },
  ] satisfies BenchRow[];
}

function oneOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}

async function pause(usualMs: number, until: number): Promise<void> {
  await sleep(Math.max(0, Math.min(usualMs * (0.5 + Math.random()), until - performance.now())));
}
