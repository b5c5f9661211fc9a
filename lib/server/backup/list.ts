import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Home } from "../home";

export interface KeptBackup {
  path: string;
  at: Date;
  sizeBytes: number;
}

export const BACKUP_END = ".tar.gz";

/** The backups in the home, the newest first. */
export async function keptBackups(home: Home): Promise<KeptBackup[]> {
  const names = await readdir(home.backups).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(BACKUP_END))
      .map(async (name): Promise<KeptBackup> => {
        const path = join(home.backups, name);
        const { mtime, size } = await stat(path);
        return { path, at: mtime, sizeBytes: size };
      }),
  );
  return found.toSorted((a, b) => b.at.getTime() - a.at.getTime());
}
