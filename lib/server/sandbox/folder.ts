import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isPlainPath } from "@/lib/core/dovecot/plain-path";
import type { SandboxUser } from "./user";

/** Dovecot puts sockets below it, whose paths may have 107 bytes; the longest name there takes 36. */
const LONGEST_FOLDER = 64;

/**
 * Where the private Dovecot lives: in the home, unless Dovecot couldn't live there (the path is too long for a
 * socket, has a character that its configuration can't take, or is closed to the user it runs as). Then in
 * a folder of the system whose name is made from the home's.
 */
export async function sandboxFolder(preferred: string, user: SandboxUser): Promise<string> {
  const fits = preferred.length <= LONGEST_FOLDER && isPlainPath(preferred);
  if (fits && (await canEnter(dirname(preferred), user))) return preferred;
  const name = `portcullis-${createHash("sha256").update(preferred).digest("hex").slice(0, 12)}`;
  return user.isOther ? join("/var/lib", name) : join(tmpdir(), name);
}

/** By the mode bits of every folder on the way. */
async function canEnter(folder: string, user: SandboxUser): Promise<boolean> {
  if (!user.isOther) return true;
  const { uid, gid, mode } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return folder === "/" || (await canEnter(dirname(folder), user));
}
