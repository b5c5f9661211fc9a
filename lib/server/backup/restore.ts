import { chmod, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { GENERATED, type Manifest } from "@/lib/core/backup/manifest";
import { copyDatabase, migrationsIn } from "@/lib/system/backup/database-copy";
import { placeAt } from "@/lib/system/doctor/places";
import { errorCode, giveToFoldersOwner, onDisk } from "@/lib/system/files";
import { withLock } from "@/lib/system/lock";
import { mapDifference } from "../access/map-difference";
import { audit } from "../audit";
import { verifyAudit } from "../audit/verify";
import { type Database, openDatabase } from "../database/client";
import { migrate, useWriteAheadLog } from "../database/migrate";
import { findDrift } from "../drift/find";
import type { Home } from "../home";
import type { Actor } from "../mailserver/revisions";
import { nodeAt } from "../node";
import { requireStopped } from "../running";
import { stampOf } from "./create";
import { withBackup } from "./read";

const LOCK_WAIT_MS = 90_000;
const DATABASE = "portcullis.sqlite";
const READY = ".ready.sqlite";

export interface RestoredBackup {
  manifest: Manifest;
  /** The folder that now has what was there; null where nothing was. */
  kept: string | null;
  /** Migrations that the database of the backup lacked and now has. */
  upgraded: string[];
  auditWhole: boolean;
  /** What the running Dovecot and its files are otherwise than the restored state has it: sentences. */
  differences: string[];
}

export interface RestoreRequest {
  file: string;
  migrationsFolder: string;
  actor: Actor;
}

/**
 * Puts the panel's state back as a backup has it. Refused before anything is touched: while the panel runs, and a backup
 * that isn't whole or that a newer version made. What was there is kept beside. Dovecot isn't touched: what it does
 * otherwise is told. @throws MachineFailure
 */
export async function restoreBackup(
  home: Home,
  { file, migrationsFolder, actor }: RestoreRequest,
): Promise<RestoredBackup> {
  await onDisk(`making ${home.folder}`, () => mkdir(home.folder, { recursive: true, mode: 0o711 }));
  await requireStopped(home);
  return await withBackup(home, file, migrationsFolder, async (folder, manifest) => {
    // On the copy, where it fails without harm.
    const before = migrationsIn(join(folder, DATABASE));
    await migrate(join(folder, DATABASE), migrationsFolder);
    const upgraded = migrationsIn(join(folder, DATABASE)).filter((name) => !before.includes(name));
    // Whole in one file: what was just written may still be in its log.
    await copyDatabase(join(folder, DATABASE), join(folder, READY));
    const lock = { who: `${actor.name} (${actor.origin})`, why: "restoring a backup", waitMs: LOCK_WAIT_MS };
    const kept = await withLock(home.lock, lock, () => exchange(home, folder, manifest));
    const db = openDatabase(home.database);
    try {
      await settle(db, { file, manifest, kept, actor });
      const { whole } = await verifyAudit(db);
      return { manifest, kept, upgraded, auditWhole: whole, differences: await differencesOf(home, db) };
    } finally {
      await db.$disconnect();
    }
  });
}

async function exchange(home: Home, folder: string, { files }: Manifest): Promise<string | null> {
  const paths = files.map(({ path }) => path).filter((path) => !path.startsWith(GENERATED));
  const aside = join(home.backups, `before-restore-${stampOf(new Date().toISOString())}`);
  let kept: string | null = null;
  // The database's log belongs to the one that is put away, and would ruin the other.
  for (const path of [...paths, `${DATABASE}-wal`, `${DATABASE}-shm`]) {
    if (!(await placeAt(join(home.folder, path)))) continue;
    await move(join(home.folder, path), join(aside, path));
    kept = aside;
  }
  // Last, so that one who is cut off here has no database and is told so, rather than halves of two.
  const ordered = [...paths.filter((path) => path !== DATABASE), DATABASE];
  for (const path of ordered)
    await move(join(folder, path === DATABASE ? READY : path), join(home.folder, path));
  await useWriteAheadLog(home.database);
  for (const { path, mode } of files)
    if (!path.startsWith(GENERATED)) await chmod(join(home.folder, path), mode & ~0o022);
  return kept;
}

async function move(from: string, to: string): Promise<void> {
  await onDisk(`putting ${to} in place`, async () => {
    const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    if (made !== undefined) await giveToFoldersOwner(made);
    try {
      await rename(from, to);
      await giveToFoldersOwner(to);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return;
      throw error;
    }
  });
}

/** Who was signed in then is not signed in now: some of them may have been sent away since. */
async function settle(
  db: Database,
  { file, manifest, kept, actor }: { file: string; manifest: Manifest; kept: string | null; actor: Actor },
): Promise<void> {
  await db.session.deleteMany();
  await audit(db, {
    actor,
    action: "backup.restore",
    outcome: "done",
    subject: file,
    sentences: [
      `The panel's state is as it was backed up at ${manifest.createdAt} (${manifest.why}).`,
      kept === null
        ? "There was nothing before."
        : `What was there is kept in ${kept}; its later entries are not in this audit.`,
      "Everybody was signed out.",
    ],
  });
}

async function differencesOf(home: Home, db: Database): Promise<string[]> {
  try {
    const node = await nodeAt(home, db);
    const drift = (await findDrift(node)).map(({ sentence }) => sentence);
    const rows = await mapDifference(node);
    if (rows === 0) return drift;
    const many =
      rows === 1
        ? "1 entry of the access map is"
        : `${rows.toLocaleString("en")} entries of the access map are`;
    return [
      ...drift,
      `${many} otherwise than the restored rules for accounts: Dovecot goes on with them until the panel starts, which brings the restored rules into force.`,
    ];
  } catch (error) {
    if (error instanceof MachineFailure)
      return [`Whether Dovecot does as it says can't be told: ${error.message}`];
    throw error;
  }
}
