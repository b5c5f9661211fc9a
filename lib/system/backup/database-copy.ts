import { chmod, open } from "node:fs/promises";
import Database from "libsql";
import { onDisk } from "../files";

const BUSY_MS = 10_000;

/** A copy as of one moment, while others write (SQLite's VACUUM INTO). Readable for its owner only. */
export async function copyDatabase(path: string, target: string): Promise<void> {
  await onDisk(`copying ${path}`, async () => {
    // Made beforehand, so that nobody else may read it while it is written. SQLite takes an empty file for none.
    await (await open(target, "wx", 0o600)).close();
    const db = new Database(path, { timeout: BUSY_MS });
    try {
      db.prepare("VACUUM INTO ?").run(target);
    } finally {
      db.close();
    }
    await chmod(target, 0o600);
  });
}

/** Names of the migrations that a database has; none of one that isn't Portcullis's. */
export function migrationsIn(path: string): string[] {
  const db = new Database(path, { timeout: BUSY_MS });
  try {
    const has = db.prepare("SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'").get();
    if (!has) return [];
    const rows = db
      .prepare(
        "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name",
      )
      .all() as { name: string }[];
    return rows.map(({ name }) => name);
  } finally {
    db.close();
  }
}
