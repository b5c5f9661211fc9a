import { z } from "zod";
import type { Head } from "@/lib/core/audit/chain";
import { readIfThere, replaceFile } from "@/lib/system/files";
import { afterCommit } from "../database/after-commit";
import type { Write } from "../database/client";
import type { Home } from "../home";
import { log } from "../log";

const headSchema = z.object({ number: z.number().int().positive(), hash: z.string() });

/** What stands for a copy that can't be read: no chain bears it out, so it is told and never written over. */
export const UNREADABLE_HEAD: Head = { number: Number.MAX_SAFE_INTEGER, hash: "" };

/** The newest entry as it was last written down beside the database; undefined before the first. */
export async function readHead(home: Home): Promise<Head | undefined> {
  const text = await readIfThere(home.auditHead);
  if (text === undefined) return undefined;
  try {
    return headSchema.parse(JSON.parse(text));
  } catch {
    return UNREADABLE_HEAD;
  }
}

interface Appended {
  file: string;
  home: Home;
  head: Head | undefined;
  last: Head | null;
  next: Head;
}

/**
 * Writes the new head down once its entry is committed. A copy that the chain doesn't bear out stays as it is: it is what
 * shows that the end was cut off.
 */
export async function keepHead(write: Write, { file, home, head, last, next }: Appended): Promise<void> {
  if (head && !(await bears(write, head, last))) return;
  afterCommit(file, async () => {
    try {
      await replaceFile(home.auditHead, `${JSON.stringify(next)}\n`, 0o600);
    } catch (error) {
      // The entry is there all the same; the next one writes the copy anew.
      log.warn({ err: error, entry: next.number }, "The copy of the audit's head could not be written");
    }
  });
}

async function bears(write: Write, head: Head, last: Head | null): Promise<boolean> {
  if (last === null || head.number > last.number) return false;
  if (head.number === last.number) return head.hash === last.hash;
  // Another process wrote since, or was ended between its commit and the copy.
  const row = await write.auditEntry.findUnique({
    where: { number: head.number },
    select: { hash: true },
  });
  if (row) return row.hash === head.hash;
  return (await write.auditAnchor.count({ where: { number: { gte: head.number } } })) > 0;
}
