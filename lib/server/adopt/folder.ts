import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { endAuthWorkers } from "@/lib/system/access/auth-workers";
import { putFile } from "@/lib/system/adopt/main-file";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { errorCode, onDisk } from "@/lib/system/files";
import { requireOwn } from "@/lib/system/helper/safe-path";
import type { Look } from "./look";
import { type AdoptionRecord, copyPath, writeRecord } from "./record";

const FOLDER_MODE = 0o755;
/** A folder that is about to come or to go: hidden from every glob of a configuration, and cleared away by the next who passes. */
const HALF = ".portcullis-half-";

/**
 * Makes our folder with the copy of the main file and the record in it, in one step: where it is, so is the record, whenever
 * somebody pulls the plug.
 */
export async function beginFolder(record: AdoptionRecord, { main }: Look): Promise<void> {
  const { instance } = record;
  await clearHalves(instance);
  const folder = generatedDir(instance);
  const half = halfOf(instance);
  const within = (path: string) => join(half, path.slice(folder.length));
  await onDisk(`making ${folder}`, async () => {
    const adoption = dirname(dirname(copyPath(instance)));
    for (const path of [folder, adoption, dirname(copyPath(instance))].map(within)) {
      await mkdir(path);
      // The umask may have closed it to Dovecot's own user, and to the panel's.
      await chmod(path, FOLDER_MODE);
    }
    await putFile(within(copyPath(instance)), main, true);
    await writeRecord(within(join(adoption, "record.json")), record);
    await rename(half, outside(instance, folder));
  });
}

/** Takes our folder away in one step, once nothing that runs reads it any more. */
export async function removeFolder(instance: DovecotInstance): Promise<void> {
  await endAuthWorkers(instance, "stale").catch(() => 0);
  const half = halfOf(instance);
  await rename(outside(instance, generatedDir(instance)), half).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
  });
  await clearHalves(instance);
}

/** What was being made or taken away when somebody pulled the plug. */
export async function clearHalves(instance: DovecotInstance): Promise<void> {
  const main = outside(instance, instance.configFile);
  await requireOwn(dirname(main));
  for (const name of await readdir(dirname(main)))
    if (name.startsWith(HALF) || name.startsWith(`${basename(main)}.portcullis-`))
      await rm(join(dirname(main), name), { recursive: true, force: true });
}

function halfOf(instance: DovecotInstance): string {
  const main = outside(instance, instance.configFile);
  return join(dirname(main), `${HALF}${randomBytes(4).toString("hex")}`);
}
