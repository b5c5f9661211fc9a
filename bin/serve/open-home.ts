import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir } from "node:fs/promises";
import type { Home } from "@/lib/server/home";
import { readIfThere, replaceFile } from "@/lib/system/files";

/** A folder of ours; others may pass through it (Dovecot runs as another user) and read nothing. */
export async function openHome(home: Home): Promise<void> {
  await mkdir(home.folder, { recursive: true, mode: 0o711 });
  const entries = await readdir(home.folder);
  if (entries.length === 0 || entries.includes("secret")) await chmod(home.folder, 0o711);
  if ((await readIfThere(home.secret)) === undefined) {
    await replaceFile(home.secret, `${randomBytes(32).toString("hex")}\n`, 0o600);
  }
}
