import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import {
  BACKUP_FORMAT,
  type BackedUpFile,
  GENERATED,
  MANIFEST_FILE,
  type Manifest,
} from "@/lib/core/backup/manifest";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { pack, sha256Of } from "@/lib/system/backup/archive";
import { copyDatabase, migrationsIn } from "@/lib/system/backup/database-copy";
import { readVersion } from "@/lib/system/dovecot/doveconf";
import { generatedDir, outside } from "@/lib/system/dovecot/instance";
import { giveToFoldersOwner, onDisk } from "@/lib/system/files";
import { version } from "@/package.json";
import type { Home } from "../home";
import { readDescription } from "../node";
import { BACKUP_END } from "./list";

export interface Backup {
  path: string;
  sizeBytes: number;
  manifest: Manifest;
}

/**
 * Not of the state: programs and mail of a private Dovecot, locks, uploads, logs, what runs now, other backups; and the
 * database's own log, which the copy has taken in.
 */
const LEFT_OUT = [
  /^(?:dovecot(?:-.*)?|apply|listing|imports|backups)$/,
  /^(?:running\.json|keeper-sign|.*\.log|.*\.out|.*\.new.*)$/,
  /-(?:wal|shm|journal)$/,
];

/** Made while the panel runs. `name` begins the file's name in the home's folder of backups, where no `file` is named. */
export async function createBackup(
  home: Home,
  { why, file, name = "portcullis" }: { why: string; file?: string | undefined; name?: string },
): Promise<Backup> {
  await makeBackupsFolder(home);
  const createdAt = new Date().toISOString();
  const target = resolve(file ?? join(home.backups, `${name}-${stampOf(createdAt)}${BACKUP_END}`));
  await requireFree(target);
  const stage = await mkdtemp(join(home.backups, ".making-"));
  try {
    const leftOut = await collect(home, stage);
    const files = await filesIn(stage);
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      createdAt,
      why,
      version,
      node: process.versions.node,
      dovecot: await dovecotVersion(home),
      host: hostname(),
      home: home.folder,
      migrations: migrationsIn(join(stage, "portcullis.sqlite")),
      files,
      leftOut,
    };
    await writeFile(join(stage, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    // The manifest first, so that a look at it needn't read the rest.
    await pack(stage, [MANIFEST_FILE, ...files.map(({ path }) => path)], target);
    if (file === undefined) await giveToFoldersOwner(target);
    return { path: target, sizeBytes: (await stat(target)).size, manifest };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

export async function makeBackupsFolder(home: Home): Promise<void> {
  await onDisk(`making ${home.backups}`, async () => {
    const made = await mkdir(home.backups, { recursive: true, mode: 0o700 });
    if (made !== undefined) await giveToFoldersOwner(home.backups);
  });
}

/** 2026-11-29T11:05:00.123Z as 2026-11-29T110500.123Z, which every file system takes. */
export function stampOf(iso: string): string {
  return iso.replaceAll(":", "");
}

async function requireFree(target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found) throw new MachineFailure(`${target} is there already. Name another file.`);
  const above = await stat(dirname(target)).catch(() => undefined);
  if (!above?.isDirectory()) throw new MachineFailure(`There is no folder ${dirname(target)}.`);
}

/** Returns the names of what only root may read: copies of the server's own files, as they were found when it was adopted. */
async function collect(home: Home, stage: string): Promise<string[]> {
  const names = (await readdir(home.folder)).filter(
    (name) => !LEFT_OUT.some((pattern) => pattern.test(name)),
  );
  if (!names.includes("portcullis.sqlite"))
    throw new MachineFailure(`There is no database ${home.database} to back up.`);
  const leftOut: string[] = [];
  // Before the database: the chain of the audit goes on beyond the head that is written down, never the other way round.
  for (const name of names.filter((one) => one !== "portcullis.sqlite")) {
    if (await isRootsOwn(join(home.folder, name))) leftOut.push(name);
    else await copyInto(join(home.folder, name), join(stage, name), isPlain);
  }
  await copyDatabase(home.database, join(stage, "portcullis.sqlite"));
  const folder = await generatedFolder(home);
  // The map follows the database, and the running Dovecot has it open.
  if (folder !== undefined)
    await copyInto(
      folder,
      join(stage, GENERATED),
      async (path) => !path.includes(ACCESS_MAP) && (await isPlain(path)),
    );
  return leftOut;
}

async function isRootsOwn(path: string): Promise<boolean> {
  const { uid } = await stat(path).catch(() => ({ uid: undefined }));
  return uid === 0 && process.getuid?.() !== 0;
}

async function copyInto(from: string, to: string, filter: (path: string) => Promise<boolean>): Promise<void> {
  await onDisk(`copying ${from}`, () => cp(from, to, { recursive: true, filter, preserveTimestamps: true }));
}

/** No links, sockets and devices. */
async function isPlain(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.isFile() || found.isDirectory());
}

async function generatedFolder(home: Home): Promise<string | undefined> {
  try {
    const { instance } = await readDescription(home);
    const folder = outside(instance, generatedDir(instance));
    return (await isPlain(folder)) ? folder : undefined;
  } catch (error) {
    if (error instanceof MachineFailure) return undefined;
    throw error;
  }
}

async function filesIn(stage: string): Promise<BackedUpFile[]> {
  const entries = await readdir(stage, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(stage.length + 1))
    .toSorted();
  return await Promise.all(
    paths.map(async (path) => {
      const { size, mode } = await stat(join(stage, path));
      return { path, sha256: await sha256Of(join(stage, path)), sizeBytes: size, mode: mode & 0o777 };
    }),
  );
}

async function dovecotVersion(home: Home): Promise<string> {
  try {
    const { instance } = await readDescription(home);
    return (await readVersion(instance)).version;
  } catch (error) {
    if (error instanceof MachineFailure) return "";
    throw error;
  }
}
