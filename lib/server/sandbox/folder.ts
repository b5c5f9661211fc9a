import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "@/lib/system/run";
import type { SandboxUser } from "./user";

/** Dovecot puts sockets below it, whose paths may have 107 bytes; the longest name there takes 36. */
const LONGEST_FOLDER = 64;
const PLAIN = /^\/[A-Za-z0-9_./-]+$/;
const ACCESS_TIMEOUT_MS = 5000;

/**
 * Where the private Dovecot lives: in the home, unless Dovecot couldn't live there (the path is too long for a
 * socket, has a character that its configuration can't take, or is closed to the user it runs as). Then in
 * a folder of the system whose name is made from the home's.
 */
export async function sandboxFolder(preferred: string, user: SandboxUser): Promise<string> {
  const fits = preferred.length <= LONGEST_FOLDER && PLAIN.test(preferred);
  if (fits && (await canEnter(dirname(preferred), user))) return preferred;
  const name = `portcullis-${createHash("sha256").update(preferred).digest("hex").slice(0, 12)}`;
  return user.isOther ? join("/var/lib", name) : join(tmpdir(), name);
}

async function canEnter(folder: string, user: SandboxUser): Promise<boolean> {
  if (!user.isOther) return true;
  return (await run("test", ["-x", folder], { timeoutMs: ACCESS_TIMEOUT_MS, as: user })).exitCode === 0;
}
