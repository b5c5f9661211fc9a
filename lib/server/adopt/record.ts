import { basename, join } from "node:path";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type KeptFile, readKept } from "@/lib/system/adopt/main-file";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { onDisk, readIfThere, replaceFile } from "@/lib/system/files";
import { requireOwn } from "@/lib/system/helper/safe-path";
import type { Home } from "../home";
import { instanceSchema, readDescription } from "../node";

const touchedSchema = z.object({
  /** As Dovecot sees it. */
  path: z.string(),
  /** The copy of it, byte by byte, with owner, mode and time. */
  copy: z.string(),
  sha256Before: z.string(),
  sha256After: z.string(),
  uid: z.number(),
  gid: z.number(),
  mode: z.number(),
  mtimeMs: z.number(),
});

const recordSchema = z.object({
  /** `adopting` and `releasing` where it was cut off in between. */
  state: z.enum(["adopting", "adopted", "releasing"]),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  instance: instanceSchema,
  version: z.string(),
  layout: z.string(),
  /** The folder of ours, as Dovecot sees it. */
  folder: z.string(),
  /** The very text that was added to the main file. */
  added: z.string(),
  touched: touchedSchema,
  unknown: z.array(z.object({ label: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
});

/**
 * What was done to a server when it was adopted. It lies with the copy in Dovecot's own folder, where only root writes: what root
 * does when a server is given back must not be for the panel's user to choose. Enough to give it back without a database.
 */
export type AdoptionRecord = z.infer<typeof recordSchema>;

/** Undefined where this home has adopted nothing. @throws MachineFailure where others could have written it, or it is damaged. */
export async function readAdoption(home: Home): Promise<AdoptionRecord | undefined> {
  if ((await readIfThere(home.instance)) === undefined) return undefined;
  const { kind, instance } = await readDescription(home);
  const path = recordPath(instance);
  const text = kind === "system" ? await onDisk(`reading ${path}`, () => readIfThere(path)) : undefined;
  if (text === undefined) return undefined;
  await requireOwn(path);
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    throw new MachineFailure(`${path} is damaged. The file as it was found is beside it.`);
  }
}

export async function writeAdoption(record: AdoptionRecord): Promise<void> {
  await writeRecord(recordPath(record.instance), record);
}

/** The panel's user may read it; it holds no secret. */
export async function writeRecord(path: string, record: AdoptionRecord): Promise<void> {
  await replaceFile(path, `${JSON.stringify(record, null, 2)}\n`, 0o644);
}

function recordPath(instance: DovecotInstance): string {
  return outside(instance, join(generatedDir(instance), "adoption", "record.json"));
}

/** Where the copy of the main file is kept, as Dovecot sees it. */
export function copyPath(instance: DovecotInstance): string {
  return join(generatedDir(instance), "adoption", "as-found", basename(instance.configFile));
}

/** The file as it was found. @throws MachineFailure where the copy is gone or not what it was. */
export async function readCopy({ touched, instance }: AdoptionRecord): Promise<KeptFile> {
  const copy = await readKept(outside(instance, copyPath(instance)));
  if (!copy || copy.sha256 !== touched.sha256Before)
    throw new MachineFailure(`The copy ${touched.copy} of ${touched.path} is missing or was changed.`);
  const { uid, gid, mode, mtimeMs } = touched;
  return { ...copy, uid, gid, mode, mtimeMs };
}
