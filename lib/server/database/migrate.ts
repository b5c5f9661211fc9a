import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { giveToFoldersOwner } from "@/lib/system/files";
import { FILTERS, schemaEngine } from "./engine";

/** Names of the migrations that this program has, in their order. */
export async function knownMigrations(migrationsFolder: string): Promise<string[]> {
  return (await readdir(migrationsFolder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** Applies what `prisma/migrations` holds and the database lacks. Returns the names that were applied. */
export async function migrate(databasePath: string, migrationsFolder: string): Promise<string[]> {
  const names = await knownMigrations(migrationsFolder);
  await useWriteAheadLog(databasePath);
  const migrationDirectories = await Promise.all(
    names.map(async (path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: await readFile(join(migrationsFolder, path, "migration.sql"), "utf8"),
        },
      },
    })),
  );
  const engine = await schemaEngine(databasePath);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: {
      baseDir: migrationsFolder,
      lockfile: { path: "migration_lock.toml", content: 'provider = "sqlite"\n' },
      shadowDbInitScript: "",
      migrationDirectories,
    },
    filters: FILTERS,
  });
  return appliedMigrationNames;
}

/** Kept in the file: readers are not held up by a writer, and a crash loses no committed change. */
export async function useWriteAheadLog(path: string): Promise<void> {
  // Before SQLite makes it readable to everybody: it holds password hashes. Its log files take the same mode.
  await (await open(path, "a", 0o600)).close();
  await giveToFoldersOwner(path);
  const client = createClient({ url: `file:${path}` });
  await client.execute("PRAGMA journal_mode = WAL");
  client.close();
}
