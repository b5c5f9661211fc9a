import { readdir, readlink } from "node:fs/promises";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { masterPid } from "../dovecot/daemon";
import { type DovecotInstance } from "../dovecot/instance";
import { childrenOf } from "../processes";

/**
 * Ends the auth workers that still have a removed access map open: they would answer from it for as long as they
 * live. The master starts new ones with the next login.
 */
export async function refreshAuthWorkers(instance: DovecotInstance): Promise<number> {
  const master = await masterPid(instance);
  if (master === undefined) return 0;
  let ended = 0;
  for (const pid of await childrenOf(master)) {
    if (!(await holdsRemovedMap(pid))) continue;
    process.kill(pid, "SIGTERM");
    ended++;
  }
  return ended;
}

async function holdsRemovedMap(pid: number): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => "")));
  return links.some((link) => link.endsWith(`/${ACCESS_MAP} (deleted)`));
}
