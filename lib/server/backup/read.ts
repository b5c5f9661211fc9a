import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { aheadOf, MANIFEST_FILE, type Manifest, manifestSchema } from "@/lib/core/backup/manifest";
import { sha256Of, unpack } from "@/lib/system/backup/archive";
import { readDatabaseFile } from "@/lib/system/doctor/database-file";
import { knownMigrations } from "../database/migrate";
import type { Home } from "../home";
import { makeBackupsFolder } from "./create";

const READ_MS = 10 * 60_000;

/**
 * Unpacks a backup beside the home's others and has it used there. What its manifest doesn't bear out, and what a newer
 * Portcullis made, is refused before anything is touched. @throws MachineFailure
 */
export async function withBackup<T>(
  home: Home,
  file: string,
  migrationsFolder: string,
  use: (folder: string, manifest: Manifest) => Promise<T>,
): Promise<T> {
  await makeBackupsFolder(home);
  const folder = await mkdtemp(join(home.backups, ".reading-"));
  try {
    await unpack(file, folder);
    const manifest = await manifestIn(folder, file);
    const ahead = aheadOf(manifest, await knownMigrations(migrationsFolder));
    if (ahead.length > 0)
      throw new MachineFailure(
        `${file} was made by a newer Portcullis (${manifest.version}, with ${ahead.join(", ")}). Install that version first.`,
      );
    await requireWhole(folder, file, manifest);
    return await use(folder, manifest);
  } finally {
    // An archive that breaks off may still be being written to its last file.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function manifestIn(folder: string, file: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => undefined);
  if (text === undefined)
    throw new MachineFailure(`${file} is no backup of Portcullis: it has no ${MANIFEST_FILE}.`);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new MachineFailure(`${file} has a ${MANIFEST_FILE} that this version can't make sense of.`);
  }
}

async function requireWhole(folder: string, file: string, { files }: Manifest): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const there = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== MANIFEST_FILE);
  const listed = new Set(files.map(({ path }) => path));
  const extra = there.find((path) => !listed.has(path));
  if (extra !== undefined)
    throw new MachineFailure(`${file} holds ${extra}, which its manifest doesn't name.`);
  for (const { path, sha256 } of files) {
    if (!there.includes(path)) throw new MachineFailure(`${file} lacks ${path}, which its manifest names.`);
    if ((await sha256Of(join(folder, path))) !== sha256)
      throw new MachineFailure(`${path} in ${file} is not as it was backed up: its SHA-256 differs.`);
  }
  if (!listed.has("portcullis.sqlite")) throw new MachineFailure(`${file} holds no database.`);
  const database = await readDatabaseFile(join(folder, "portcullis.sqlite"), READ_MS);
  if (database.kind !== "read" || database.faults.length > 0)
    throw new MachineFailure(`The database in ${file} is damaged.`);
}
