import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { readIfThere } from "@/lib/system/files";
import { startTicksOf } from "@/lib/system/processes";
import type { Home } from "./home";

const recordSchema = z.object({ name: z.string(), pid: z.number(), startTicks: z.string() });
const runningSchema = z.object({
  supervisor: recordSchema,
  url: z.string(),
  children: z.array(recordSchema),
});

/** What a start wrote down of itself; undefined where none did, or nothing can be made of it. */
export async function readRunning(home: Home): Promise<z.infer<typeof runningSchema> | undefined> {
  const text = await readIfThere(home.running);
  try {
    return text === undefined ? undefined : runningSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The panel of this home that runs now: where it answers, and the process that keeps it. */
export async function runningPanel(home: Home): Promise<{ url: string; pid: number } | undefined> {
  const record = await readRunning(home);
  if (!record) return undefined;
  const { pid, startTicks } = record.supervisor;
  return startTicks !== "" && (await startTicksOf(pid)) === startTicks ? { url: record.url, pid } : undefined;
}

/**
 * A process that has the database open would go on with the old one, and write into nothing.
 * @throws MachineFailure when the panel of this home runs
 */
export async function requireStopped(home: Home): Promise<void> {
  const running = await runningPanel(home);
  if (running)
    throw new MachineFailure(
      `The panel runs for ${home.folder} (pid ${running.pid}). Stop it first: systemctl stop portcullis, or Ctrl-C where npm start runs. Mail goes on without it where Dovecot isn't its own.`,
    );
}
