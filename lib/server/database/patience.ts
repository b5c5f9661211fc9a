import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "@/lib/system/files";

/** How long a statement waits for another process (the CLI, the keeper) to finish writing. */
const PATIENCE_MS = 10_000;
const POLL_MS = 5;

/** Tries again and again while another process has the database. */
export async function patiently<T>(action: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (errorCode(error) !== "SQLITE_BUSY" || Date.now() >= deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}
