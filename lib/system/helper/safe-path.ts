import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";

const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Makes sure that nobody but root (and whom this process runs as) can change what lies at a path or put something else in its
 * place: neither it nor any folder above it belongs to others or can be written by them. Folders above may be sticky, such as
 * /tmp. Links are followed first.
 * @throws MachineFailure that names the folder and what is wrong with it.
 */
export async function requireOwn(path: string): Promise<void> {
  const real = await realpath(path).catch(() => {
    throw new MachineFailure(`${path} is not there.`);
  });
  const owners = [0, process.getuid?.() ?? 0];
  for (let at = real; ; at = dirname(at)) {
    const { uid, mode } = await lstat(at);
    if (!owners.includes(uid))
      throw new MachineFailure(
        `${at} belongs to user ${uid}. It must be root's, or others could change ${path}.`,
      );
    const mayBeSticky = at !== real && (mode & STICKY) !== 0;
    if ((mode & OTHERS_WRITE) !== 0 && !mayBeSticky)
      throw new MachineFailure(
        `${at} can be written by others (chmod go-w ${at}), so they could change ${path}.`,
      );
    if (at === "/") return;
  }
}
