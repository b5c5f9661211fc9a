import { renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { Home } from "@/lib/server/home";
import { readIfThere } from "@/lib/system/files";
import { startTicksNow } from "@/lib/system/processes";
import { type ChildRecord, endChild, isAlive } from "./children";

const recordSchema = z.object({ name: z.string(), pid: z.number(), startTicks: z.string() });
const runningSchema = z.object({
  supervisor: recordSchema,
  url: z.string(),
  children: z.array(recordSchema),
});

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

/** @throws MachineFailure when the panel of this home runs. */
export async function requireStopped(home: Home): Promise<void> {
  const text = await readIfThere(home.running);
  const record = text === undefined ? undefined : runningSchema.safeParse(JSON.parse(text)).data;
  if (record && (await isAlive(record.supervisor)))
    throw new MachineFailure(
      `The panel runs for ${home.folder} (${record.url}, pid ${record.supervisor.pid}). End it first.`,
    );
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
  const text = await readIfThere(home.running);
  const record = text === undefined ? undefined : runningSchema.safeParse(JSON.parse(text)).data;
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
