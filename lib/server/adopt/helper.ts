import { lchown, lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { replaceFile } from "@/lib/system/files";
import { DEFAULT_SOCKET, helperHome } from "@/lib/system/helper/config";
import type { Home } from "../home";
import type { NodeDescription } from "../node";

/** The home of a package, whose helper listens where its unit says. */
const PACKAGED = "/var/lib/portcullis";

/**
 * Has the root helper serve an adopted server, where the home is another user's: that user's panel may not touch Dovecot's files
 * itself (docs/privilege.md). Undefined where the panel runs as whoever adopts.
 */
export async function connectHelper(
  home: Home,
  instance: DovecotInstance,
): Promise<NodeDescription["helper"]> {
  const { uid, gid } = await stat(home.folder);
  if (process.getuid?.() !== 0 || uid === 0) return undefined;
  const folder = helperHome(home.folder);
  const socket = home.folder === PACKAGED ? DEFAULT_SOCKET : `${home.folder}-run/helper.sock`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { root, configFile, baseDir, user } = instance;
  // Copies lie where the panel's user can't get at them; beneath another root they do already.
  const stagingDir = root === "" ? join(folder, "staging") : instance.stagingDir;
  const config = { instance: { root, configFile, baseDir, stagingDir, user }, group: gid, socket };
  await replaceFile(join(folder, "helper.json"), `${JSON.stringify(config, null, 2)}\n`, 0o600);
  await giveAway(home.folder, { uid, gid });
  return { socket };
}

/** What root made in the home until now, the database among it, is the panel's from here on. Links are given, not followed. */
async function giveAway(folder: string, to: { uid: number; gid: number }): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if ((await lstat(path)).uid === 0) await lchown(path, to.uid, to.gid);
    if (entry.isDirectory()) await giveAway(path, to);
  }
}

/** Nothing is served any more by a helper that starts from here on. */
export async function forgetHelper(home: Home): Promise<void> {
  for (const name of ["helper.json", "record.json", "journal.json"])
    await rm(join(helperHome(home.folder), name), { force: true });
}
