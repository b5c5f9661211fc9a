import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { InForce } from "@/lib/core/apply/prepare";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { readIfThere, replaceFile } from "@/lib/system/files";
import { DEFAULT_SOCKET } from "@/lib/system/helper/config";
import { writeRecord } from "@/lib/system/helper/record";

/** The root helper of a panel that runs as a user of its own (docs/privilege.md): its folder, and where it listens. */
export function helperPlace(): { folder: string; staging: string; socket: string } {
  const folder = process.env.PORTCULLIS_HELPER_HOME || "/var/lib/portcullis-helper";
  return {
    folder,
    staging: join(folder, "staging"),
    socket: process.env.PORTCULLIS_HELPER_SOCKET || DEFAULT_SOCKET,
  };
}

/** Tells the helper which Dovecot it serves, and who may ask it. */
export async function writeHelperConfig(instance: DovecotInstance, group: number): Promise<void> {
  const { folder, socket } = helperPlace();
  const { root, configFile, baseDir, stagingDir } = instance;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const config = { instance: { root, configFile, baseDir, stagingDir }, group, socket };
  await replaceFile(join(folder, "helper.json"), `${JSON.stringify(config, null, 2)}\n`, 0o600);
}

/** What is in force, so that the first change through the helper needs no more than any other. */
export async function tellHelper(inForce: InForce): Promise<void> {
  await writeRecord(recordFile(), { inForce, trials: [], takenBack: [] });
}

function recordFile(): string {
  return join(helperPlace().folder, "record.json");
}

/** Of this Dovecot: another's is left alone. */
export async function removeHelperConfig({ root, configFile }: DovecotInstance): Promise<void> {
  const path = join(helperPlace().folder, "helper.json");
  const text = await readIfThere(path);
  if (text?.includes(JSON.stringify(configFile)) && text.includes(JSON.stringify(root)))
    for (const file of [path, recordFile()]) await rm(file, { force: true });
}
