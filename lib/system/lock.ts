import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "@libsql/client";
import { z } from "zod";
import { giveToFoldersOwner, onDisk, readIfThere, replaceFile } from "./files";

const POLL_MS = 25;

const holderSchema = z.object({ who: z.string(), why: z.string(), since: z.string() });

/** Who holds the lock, since when (ISO 8601) and what for. */
type LockHolder = z.infer<typeof holderSchema>;

export class LockTimeout extends Error {
  override readonly name = "LockTimeout";
}

/**
 * Runs `action` while no other process or request does the same. The lock is an open write transaction on a
 * database of its own: the kernel lets go of it when a process dies, however it dies, so nothing ever has to
 * be called stale.
 * @throws LockTimeout when others hold it for `waitMs` in all; the message says who and why.
 */
export async function withLock<T>(
  path: string,
  { who, why, waitMs }: { who: string; why: string; waitMs: number },
  action: () => Promise<T>,
): Promise<T> {
  await onDisk(`making ${dirname(path)}`, async () => {
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (made !== undefined) await giveToFoldersOwner(dirname(path));
  });
  const client = createClient({ url: `file:${path}` });
  try {
    const transaction = await onDisk(`locking ${path}`, () => acquire(client, path, waitMs));
    await giveToFoldersOwner(path);
    const note = notePath(path);
    try {
      // The note only helps those who wait; a full disk must not keep anybody from putting files back.
      await replaceFile(note, JSON.stringify({ who, why, since: new Date().toISOString() }), 0o600).catch(
        () => {},
      );
      return await action();
    } finally {
      await rm(note, { force: true }).catch(() => {});
      await transaction.rollback();
    }
  } finally {
    client.close();
  }
}

async function lockHolder(path: string): Promise<LockHolder | undefined> {
  const note = await readIfThere(notePath(path));
  const parsed = note === undefined ? undefined : holderSchema.safeParse(safeJson(note));
  return parsed?.data;
}

async function acquire(
  client: Client,
  path: string,
  waitMs: number,
): Promise<Awaited<ReturnType<Client["transaction"]>>> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      // A write transaction on an empty file would begin by writing, which a full disk forbids.
      await client.execute("CREATE TABLE IF NOT EXISTS lock (holder TEXT)");
      return await client.transaction("write");
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() >= deadline) throw new LockTimeout(await heldSentence(path));
    }
    await sleep(POLL_MS);
  }
}

async function heldSentence(path: string): Promise<string> {
  const holder = await lockHolder(path);
  if (!holder) return "Another change is being applied. Try again in a moment.";
  return `${holder.who} has been at it since ${holder.since}: ${holder.why}. Try again when that has ended.`;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
}

function notePath(path: string): string {
  return `${path}.holder.json`;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
