import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import type { TestSandbox } from "./sandbox";
import { faultsAfterStart } from "./whole";

/** A small generator, so that a seed makes the same run again (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A save takes about so long from the start of its process, on a machine that has nothing else to do; in ms. */
const SAVE_MS = 2200;

export interface Ended {
  /** What was killed, and when. */
  what: string;
  /** What did not hold afterwards, a sentence each. */
  faults: string[];
}

/**
 * Begins a save in a process of its own, kills that process or Dovecot without a word at a random moment, does what the next
 * start does, and looks whether everything is whole: files, daemon, database, and what the page would say.
 */
export async function killAtRandom(
  sandbox: TestSandbox,
  script: string,
  random: () => number,
): Promise<Ended> {
  const { node } = sandbox;
  const before = await mailserverStatus(node);
  const patch =
    random() < 0.5
      ? { pop3: !before.wanted.values.pop3 }
      : { idle_check_s: 20 + Math.floor(random() * 900), pop3: random() < 0.5 };
  const afterMs = Math.floor(random() * SAVE_MS);
  const victim = random() < 0.75 ? "the panel" : "Dovecot";
  const what = `${victim} after ${afterMs} ms of saving ${JSON.stringify(patch)}`;
  const child = spawn(process.execPath, [script, JSON.stringify(patch)], {
    env: { ...process.env, PORTCULLIS_HOME: sandbox.home.folder },
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await sleep(afterMs);
  if (victim === "the panel") child.kill("SIGKILL");
  // Until it is gone: one that is about to go still looks alive to the next start.
  else await sandbox.kill();
  await exited;
  const faults = await faultsAfterStart(sandbox, before.wanted.number);
  if (child.exitCode === null && child.signalCode === null) faults.push("The save still runs.");
  return { what, faults };
}
