import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { masterPid } from "../dovecot/daemon";
import { type DovecotInstance, generatedDir, outside } from "../dovecot/instance";
import { askHelper } from "../helper/client";
import { argumentsOf, childrenOf, programOf } from "../processes";

/**
 * Ends auth workers, for they keep the access map open: one that has a lost or replaced file would answer from it for as
 * long as it lives. The master starts new ones with the next login. `all` where nothing can be told about what they have
 * open (the file was moved away before a new one was made). Returns how many.
 */
export async function endAuthWorkers(instance: DovecotInstance, which: "all" | "stale"): Promise<number> {
  if (instance.helper) return await askHelper(instance.helper, { ask: "end-auth-workers", which });
  const master = await masterPid(instance);
  if (master === undefined) return 0;
  const map = await stat(join(outside(instance, generatedDir(instance)), ACCESS_MAP)).catch(() => undefined);
  let ended = 0;
  for (const pid of await childrenOf(master)) {
    if ((await programOf(pid)) !== "auth" || !(await argumentsOf(pid)).includes("-w")) continue;
    if (which === "stale" && !(await holdsAnother(pid, map?.ino))) continue;
    process.kill(pid, "SIGTERM");
    ended++;
  }
  return ended;
}

async function holdsAnother(pid: number, inode: number | undefined): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const file of await readdir(folder).catch(() => [])) {
    const link = await readlink(join(folder, file)).catch(() => "");
    if (!link.includes(`/${ACCESS_MAP}`)) continue;
    const held = await stat(join(folder, file)).catch(() => undefined);
    if (held && held.ino !== inode) return true;
  }
  return false;
}
