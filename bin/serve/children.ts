import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startTicksNow, startTicksOf } from "@/lib/system/processes";

/** A process that we started, known well enough to end it even from a later start. */
export interface ChildRecord {
  name: string;
  pid: number;
  /** Ticks since boot at which it began: a pid that was reused since has others. */
  startTicks: string;
}

export interface Child extends ChildRecord {
  exited: Promise<number | null>;
}

/** Takes charge of a child. Called in the very turn in which it was started, so that no signal comes between. */
export type Watch = (child: Child) => void;

const POLL_MS = 50;

export interface ChildCommand {
  name: string;
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  as?: { uid: number; gid: number } | undefined;
  /** Receives what it prints. */
  log: string;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only us and we end it in order.
 */
export async function startChild(
  { name, program, args, env, cwd, as, log }: ChildCommand,
  watch: Watch,
): Promise<Child> {
  const output = openSync(log, "a", 0o640);
  const child: ChildProcess = spawn(program, args, {
    detached: true,
    stdio: ["ignore", output, output],
    env: env as NodeJS.ProcessEnv,
    cwd,
    ...as,
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  exited.catch(() => {});
  const pid = child.pid;
  if (pid === undefined) {
    await exited;
    throw new Error(`${program} could not be started.`);
  }
  const started: Child = { name, pid, startTicks: startTicksNow(pid) ?? "", exited };
  watch(started);
  return started;
}

export async function isAlive({ pid, startTicks }: ChildRecord): Promise<boolean> {
  return (await startTicksOf(pid)) === startTicks && startTicks !== "";
}

/** Ends a process by its pid: asked first, then killed with its group. Returns once it is gone. */
export async function endChild(child: ChildRecord, patienceMs: number): Promise<void> {
  signal(child.pid, "SIGTERM");
  for (let waited = 0; waited < patienceMs; waited += POLL_MS) {
    if (!(await isAlive(child))) return;
    await sleep(POLL_MS);
  }
  if (await isAlive(child)) killChild(child);
}

/** Ends a process and its group without a word. */
export function killChild({ pid }: ChildRecord): void {
  signal(-pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
