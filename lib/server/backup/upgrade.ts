import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { migrationsIn } from "@/lib/system/backup/database-copy";
import { placeAt } from "@/lib/system/doctor/places";
import { knownMigrations, migrate } from "../database/migrate";
import type { Home } from "../home";
import { type Backup, createBackup } from "./create";
import { keptBackups } from "./list";

const KEPT = 3;
const BEFORE_UPGRADE = "before-upgrade";

/**
 * Brings the database to this version. One that holds something is backed up first, and no upgrade goes without; the last
 * three of these backups are kept. @throws MachineFailure where a newer version was here, or there is no room.
 */
export async function upgradeDatabase(
  home: Home,
  migrationsFolder: string,
): Promise<{ applied: string[]; backup: string | undefined }> {
  const known = await knownMigrations(migrationsFolder);
  const before = (await placeAt(home.database)) ? migrationsIn(home.database) : [];
  const ahead = before.filter((name) => !known.includes(name));
  if (ahead.length > 0)
    throw new MachineFailure(
      `A newer Portcullis has changed ${home.database} (${ahead.join(", ")}). Install that version again, or restore a backup from before: portcullis backup list.`,
    );
  const isBehind = before.length > 0 && before.length < known.length;
  const backup = isBehind ? await backupBeforeUpgrade(home) : undefined;
  const applied = await migrate(home.database, migrationsFolder);
  return { applied, backup: backup?.path };
}

/** The last three of them are kept. */
export async function backupBeforeUpgrade(home: Home): Promise<Backup> {
  const backup = await createBackup(home, { why: "before an upgrade", name: BEFORE_UPGRADE });
  await forgetOld(home);
  return backup;
}

async function forgetOld(home: Home): Promise<void> {
  const ours = (await keptBackups(home)).filter(({ path }) =>
    basename(path).startsWith(`${BEFORE_UPGRADE}-`),
  );
  for (const { path } of ours.slice(KEPT)) await rm(path, { force: true });
}
