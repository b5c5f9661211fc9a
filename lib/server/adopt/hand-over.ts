import { lchown, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Home } from "../home";

/**
 * Gives what was written into a home to whoever the home belongs to: the panel may run as a user of its own, and adopting is
 * done as root. The copies of the server's files stay root's.
 */
export async function handOver(home: Home): Promise<void> {
  const { uid, gid } = await stat(home.folder);
  if (process.getuid?.() !== 0 || uid === 0) return;
  const give = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === home.adoptedFiles) continue;
      await lchown(path, uid, gid);
      if (entry.isDirectory()) await give(path);
    }
  };
  await give(home.folder);
}
