import { stat } from "node:fs/promises";

/** Runs something as root again, within what is done as another user. */
export type AsRoot = <T>(action: () => Promise<T>) => Promise<T>;

/** The user and group that a folder belongs to, where we are root and they are others; undefined where it is ours, or isn't there. */
export async function foreignOwner(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return process.getuid?.() === 0 && found && found.uid !== 0
    ? { uid: found.uid, gid: found.gid }
    : undefined;
}

/**
 * Root works in a folder of somebody else as that user: whatever he put there, a link for instance, leads no further than he gets by
 * himself, and what is written is his. What needs root is done by `asRoot`. It is about the whole process, so nothing else may go on
 * meanwhile.
 */
export async function asOwnerOf<T>(folder: string, use: (asRoot: AsRoot) => Promise<T>): Promise<T> {
  const owner = await foreignOwner(folder);
  const { seteuid, setegid } = process;
  if (!owner || !seteuid || !setegid) return await use((action) => action());
  const become = ({ uid, gid }: { uid: number; gid: number }) => {
    seteuid(0);
    setegid(gid);
    seteuid(uid);
  };
  become(owner);
  try {
    return await use(async (action) => {
      become({ uid: 0, gid: 0 });
      try {
        return await action();
      } finally {
        become(owner);
      }
    });
  } finally {
    become({ uid: 0, gid: 0 });
  }
}
