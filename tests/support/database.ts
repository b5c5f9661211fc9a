import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "@/lib/server/database/client";
import { migrate } from "@/lib/server/database/migrate";
import { ensureFirstRevision } from "@/lib/server/mailserver/reconcile";

export const MIGRATIONS = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** A real database of its own, migrated, with the first revision; no daemon. */
export async function testDatabase(): Promise<{ db: Database; folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-db-"));
  const path = join(folder, "portcullis.sqlite");
  await migrate(path, MIGRATIONS);
  const db = openDatabase(path);
  await ensureFirstRevision(db);
  return {
    db,
    folder,
    async remove() {
      await db.$disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
