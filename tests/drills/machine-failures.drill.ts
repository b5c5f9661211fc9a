import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import type { MachinePorts } from "@/lib/core/apply/ports";
import type { SaveResult } from "@/lib/server/mailserver/save";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { childrenOf, programOf } from "@/lib/system/processes";
import { type AvailableDovecot, DOVECOTS } from "../support/dovecot-versions";
import { bundled, runToEnd } from "../support/run-script";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";
import { fillUp, mountSmallDisk, mountWorks, onReadOnly, unmount } from "../support/small-disk";
import { faultsAfterStart } from "../support/whole";
import type { DrillReport } from "./report";

/** What one failure came to: how the save ended, and what did not hold. */
interface Seen {
  ended: string;
  faults: string[];
}

/** A failure of the machine, made for real; `undefined` where it can't be made here. */
type Failure = (sandbox: TestSandbox) => Promise<Seen | undefined>;

const FAILURES: Readonly<Record<string, Failure>> = {
  "the folder of the generated files is read-only": async (sandbox) => {
    if (!mountWorks()) return undefined;
    let result: SaveResult | undefined;
    await onReadOnly(join(dirname(sandbox.configFile), "portcullis"), async () => {
      result = await flip(sandbox);
    });
    return await judged(sandbox, result, ["refused", "rejected"]);
  },
  "doveconf hangs": async (sandbox) => {
    const hanging = new AbortController();
    const stopped = stopEach("doveconf", hanging.signal);
    const result = await flip(sandbox);
    hanging.abort();
    for (const pid of await stopped) kill(pid);
    return await judged(sandbox, result, ["refused", "rejected"]);
  },
  "a reload returns 0 and changes nothing: somebody's broken file came in between": async (sandbox) =>
    await brokenMeanwhile(sandbox, 1000),
  "the file stays broken for seven seconds, and the config service is throttled": async (sandbox) =>
    await brokenMeanwhile(sandbox, 7000),
  "the clock jumps a day ahead while files are swapped": async (sandbox) =>
    await jumping(sandbox, 86_400_000),
  "the clock jumps a day back while files are swapped": async (sandbox) =>
    await jumping(sandbox, -86_400_000),
  "another process holds the database for three seconds": async (sandbox) =>
    await judged(sandbox, await lockedFor(sandbox, 3000), ["applied"]),
  "another process holds the database for longer than anybody waits": async (sandbox) =>
    await judged(sandbox, await lockedFor(sandbox, 13_000), ["Error"]),
};

/** A page of the database at a time, from none to more than a save takes. */
const FREE_STEP = 8192;
const FREE_STEPS = 40;

export default async function drill(): Promise<DrillReport> {
  const failures: string[] = [];
  const facts: [string, string][] = [];
  for (const dovecot of DOVECOTS) {
    if (dovecot.missing) {
      facts.push([`Dovecot ${dovecot.family}`, `left out: ${dovecot.missing}`]);
      continue;
    }
    const sandbox = await startSandbox(dovecot);
    for (const [name, fail] of Object.entries(FAILURES)) {
      process.stdout.write(`  ${dovecot.family}: ${name}\n`);
      const seen = await fail(sandbox);
      facts.push([`Dovecot ${dovecot.family}, ${name}`, seen?.ended ?? "left out: mounting needs root"]);
      if (seen && seen.faults.length > 0)
        failures.push(`Dovecot ${dovecot.family}, ${name}: ${seen.ended}\n${seen.faults.join("\n")}`);
    }
    await sandbox.remove();
  }
  const { fact, faults } = await fullDisks(DOVECOTS.find(({ missing }) => !missing));
  return {
    title: "When the machine fails",
    about:
      "Each failure is made for real while a change is saved, on a real Dovecot: file systems are mounted, filled and made read-only, programs stopped, files broken by somebody else, the database locked; only the clock is one that this process is told. Afterwards, and after what the next start does, the files are those of the revision in force, whole; the daemon runs them and IMAP answers; the database is sound; and the page says what is in force.",
    facts: [...facts, ["a full disk at each write", fact]],
    failures: [...failures, ...faults],
  };
}

/** Closes POP3, or opens it again. */
async function flip(sandbox: TestSandbox, ports?: MachinePorts): Promise<SaveResult> {
  const { wanted } = await mailserverStatus(sandbox.node);
  const there = ports ? { ...sandbox, node: { ...sandbox.node, ports } } : sandbox;
  // With another setting beside it, so that a reload is needed whichever way POP3 goes.
  const idle = 20 + ((wanted.values.idle_check_s ?? 0) % 900);
  return await save(there, { pop3: !wanted.values.pop3, idle_check_s: idle + 1 });
}

async function judged(
  sandbox: TestSandbox,
  result: SaveResult | Error | undefined,
  expected: readonly string[],
): Promise<Seen> {
  const ended = endOf(result);
  const { wanted } = await mailserverStatus(sandbox.node);
  const faults = await faultsAfterStart(sandbox, wanted.number);
  if (!expected.includes(ended)) faults.push(`Expected ${expected.join(" or ")}.`);
  // What this failure left is undone, so that the next begins on sound ground.
  const mended = await save(sandbox, { imap: true, pop3: true }, { replaceEdited: true });
  if (mended.kind !== "done") faults.push(`Afterwards a save is not possible: ${JSON.stringify(mended)}`);
  return { ended, faults };
}

function endOf(result: SaveResult | Error | undefined): string {
  if (result === undefined) return "nothing";
  if (result instanceof Error) return result.name === "Error" ? "Error" : `Error (${result.name})`;
  return result.kind === "done" ? result.outcome.kind : result.kind;
}

/** After the files are swapped in, somebody breaks dovecot.conf for a while: a real reload is really refused. */
async function brokenMeanwhile(sandbox: TestSandbox, forMs: number): Promise<Seen> {
  const own = readFileSync(sandbox.configFile, "utf8");
  let restored: Promise<void> | undefined;
  const { ports } = sandbox.node;
  const result = await flip(sandbox, {
    ...ports,
    async reload() {
      if (restored) return await ports.reload();
      writeFileSync(sandbox.configFile, `${own}\nno_such_setting = 1\n`);
      restored = sleep(forMs).then(() => writeFileSync(sandbox.configFile, own));
      return await ports.reload();
    },
  });
  await restored;
  return await judged(sandbox, result, ["rolled-back"]);
}

/** The only mock: the time of day that this process is told. */
async function jumping(sandbox: TestSandbox, byMs: number): Promise<Seen> {
  const { ports } = sandbox.node;
  const Clock = globalThis.Date;
  class Jumped extends Clock {
    constructor(...given: ConstructorParameters<typeof Clock> | []) {
      if (given.length === 0) super(Clock.now() + byMs);
      else super(...given);
    }
    static override now(): number {
      return Clock.now() + byMs;
    }
  }
  let result: SaveResult;
  try {
    result = await flip(sandbox, {
      ...ports,
      async swap(files) {
        globalThis.Date = Jumped as DateConstructor;
        await ports.swap(files);
      },
    });
  } finally {
    // A day ago the certificate was not valid yet, and rightly a save would be refused.
    globalThis.Date = Clock;
  }
  return await judged(sandbox, result, ["applied"]);
}

async function lockedFor(sandbox: TestSandbox, forMs: number): Promise<SaveResult | Error> {
  const other = new Database(sandbox.home.database);
  other.exec("BEGIN IMMEDIATE");
  const free = sleep(forMs).then(() => other.exec("ROLLBACK"));
  const result = await flip(sandbox).catch((error: unknown) =>
    error instanceof Error ? new Error(error.message) : new Error(String(error)),
  );
  await free;
  other.close();
  return result;
}

/** Stops every process of a name that this one starts; answers with their pids at the end. */
async function stopEach(name: string, until: AbortSignal): Promise<number[]> {
  const stopped = new Set<number>();
  while (!until.aborted) {
    for (const pid of await childrenOf(process.pid))
      if (!stopped.has(pid) && (await programOf(pid)) === name) {
        process.kill(pid, "SIGSTOP");
        stopped.add(pid);
      }
    await sleep(1);
  }
  return [...stopped];
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended by its own time limit.
  }
}

/**
 * The whole home, database and all, on a small file system; a save in a process of its own with ever more room, so that each
 * of its writes is the one that fails once.
 */
async function fullDisks(dovecot: AvailableDovecot | undefined): Promise<{ fact: string; faults: string[] }> {
  if (!dovecot || !mountWorks()) return { fact: "left out: mounting needs root", faults: [] };
  const disk = await mkdtemp(join(tmpdir(), "portcullis-disk-"));
  mountSmallDisk(disk, "64m");
  const before = process.env.TMPDIR;
  process.env.TMPDIR = disk;
  const faults: string[] = [];
  const ends: Record<string, number> = {};
  try {
    const sandbox = await startSandbox(dovecot);
    const script = await bundled("tests/support/killed-save");
    for (let step = 0; step < FREE_STEPS; step++) {
      const { wanted } = await mailserverStatus(sandbox.node);
      const patch = { pop3: !wanted.values.pop3, idle_check_s: 20 + step };
      const empty = fillUp(disk, step * FREE_STEP);
      const { stdout } = await runToEnd(process.execPath, [script, JSON.stringify(patch)], {
        PORTCULLIS_HOME: sandbox.home.folder,
      });
      empty();
      const answer = stdout.split("\n").find((line) => line.startsWith('{"kind"'));
      const end = answer === undefined ? "Error" : endOf(JSON.parse(answer) as SaveResult);
      ends[end] = (ends[end] ?? 0) + 1;
      for (const fault of await faultsAfterStart(sandbox, wanted.number))
        faults.push(`${step * FREE_STEP} bytes free, ${end}: ${fault}`);
    }
    await sandbox.remove();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    unmount(disk);
    if (existsSync(disk)) rmSync(disk, { recursive: true, force: true });
  }
  const told = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  return { fact: `${FREE_STEPS} saves with ${FREE_STEP} bytes more each; ${told.join(", ")}`, faults };
}
