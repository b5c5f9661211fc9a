import { renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Home } from "@/lib/server/home";
import { readRunning } from "@/lib/server/running";
import { startTicksNow } from "@/lib/system/processes";
import { type ChildRecord, endChild, isAlive } from "./children";

const PATIENCE_MS = 5000;

/** Remembers at once what this start has running, so that a later one can tell and, after a crash, tidy up. */
export function recordRunning(home: Home, url: string, children: readonly ChildRecord[]): void {
  const supervisor = {
    name: "npm start",
    pid: process.pid,
    startTicks: startTicksNow(process.pid) ?? "",
  };
  const records = children.map(({ name, pid, startTicks }) => ({ name, pid, startTicks }));
  const temporary = `${home.running}.new`;
  writeFileSync(temporary, `${JSON.stringify({ supervisor, url, children: records }, null, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(temporary, home.running);
}

export async function forgetRunning(home: Home): Promise<void> {
  await rm(home.running, { force: true });
}

/**
 * What an earlier start left: the URL of one that still runs, or the names of orphans, which were ended by
 * their pids because whoever started them is gone.
 */
export async function settleEarlierStart(
  home: Home,
): Promise<{ runsAt?: { url: string; pid: number }; ended: string[] }> {
  const record = await readRunning(home);
  if (!record) return { ended: [] };
  if (await isAlive(record.supervisor))
    return { runsAt: { url: record.url, pid: record.supervisor.pid }, ended: [] };
  const ended: string[] = [];
  for (const child of record.children) {
    if (!(await isAlive(child))) continue;
    await endChild(child, PATIENCE_MS);
    ended.push(`${child.name} (pid ${child.pid})`);
  }
  await forgetRunning(home);
  return { ended };
}
