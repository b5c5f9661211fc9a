import { z } from "zod";
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
