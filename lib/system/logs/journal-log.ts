import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { PATH } from "../run-here";
import type { LogPart, LogSource } from "./log-reading";

/** Lines a look; the rest comes with the next one. */
const PART_LINES = 5000;
const TIMEOUT_MS = 20_000;

const entrySchema = z.object({
  __CURSOR: z.string(),
  /** Microseconds since 1970. */
  __REALTIME_TIMESTAMP: z.string(),
  /** Bytes where it isn't UTF-8; null where it is too long. */
  MESSAGE: z.union([z.string(), z.array(z.number()), z.null()]).optional(),
});

/**
 * systemd's journal, by the tag that the daemon logs under. `more` are further arguments of journalctl, such as another
 * folder.
 */
export function journalLog(tag: string, more: readonly string[] = []): LogSource {
  const name = `journal of ${tag}`;
  return {
    name,
    async read(cursor) {
      if (cursor === undefined || cursor === "") return await readEntries(tag, more, []);
      const found = await readEntries(tag, more, [`--cursor=${cursor}`]);
      if (found.first === undefined) return { ...found, position: cursor };
      // The entry that was read last comes again, unless the journal was cut back beyond it.
      if (found.first === cursor) return { ...found, lines: found.lines.slice(1) };
      return { ...found, missed: { reason: "The journal was cut back before it was read" } };
    },
  };
}

async function readEntries(
  tag: string,
  more: readonly string[],
  from: readonly string[],
): Promise<LogPart & { first: string | undefined }> {
  const args = ["--no-pager", "--quiet", "-o", "json", "-t", tag, ...more, ...from];
  const child = spawn("journalctl", args, {
    env: { PATH, LC_ALL: "C.UTF-8", NODE_ENV: "production" },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      complaint = error.message;
      resolve(-1);
    });
    child.once("close", resolve);
  });
  const lines: LogPart["lines"] = [];
  let first: string | undefined;
  let position = "";
  let isMore = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = entrySchema.safeParse(parsed(line));
    if (!entry.success) continue;
    const { __CURSOR: cursor, __REALTIME_TIMESTAMP: at, MESSAGE: message } = entry.data;
    first ??= cursor;
    position = cursor;
    lines.push({ text: textOf(message), atMs: Number(at) / 1000 });
    if (lines.length > PART_LINES) {
      isMore = true;
      child.kill();
      break;
    }
  }
  const code = await ended;
  if (!isMore && code !== 0)
    throw new MachineFailure(
      `The journal can't be read: ${complaint.trim() || `journalctl ended with ${code}`}.`,
    );
  return { lines, position, missed: undefined, isMore, first };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textOf(message: string | number[] | null | undefined): string {
  return Array.isArray(message) ? Buffer.from(message).toString("utf8") : (message ?? "");
}
