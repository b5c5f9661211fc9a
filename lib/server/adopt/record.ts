import { join } from "node:path";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type KeptFile, putFile, readKept } from "@/lib/system/adopt/main-file";
import { onDisk, readIfThere, replaceFile } from "@/lib/system/files";
import type { Home } from "../home";

const touchedSchema = z.object({
  /** As Dovecot sees it. */
  path: z.string(),
  /** The copy of it, in the home. */
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

/** What was done to a server when it was adopted, kept beside the copies: enough to give it back without a database. */
export type AdoptionRecord = z.infer<typeof recordSchema>;

export async function readAdoption(home: Home): Promise<AdoptionRecord | undefined> {
  const text = await onDisk(`reading ${home.adoption}`, () => readIfThere(home.adoption));
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    throw new MachineFailure(
      `${home.adoption} is damaged. The files as they were found are in ${home.adoptedFiles}.`,
    );
  }
}

export async function writeAdoption(home: Home, record: AdoptionRecord): Promise<void> {
  await replaceFile(home.adoption, `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** Where a copy of one of Dovecot's files is kept. */
export function copyAt(home: Home, path: string): string {
  return join(home.adoptedFiles, path);
}

/** The file as it was found. @throws MachineFailure where the copy is gone or not what it was. */
export async function readCopy({ touched }: AdoptionRecord): Promise<KeptFile> {
  const copy = await readKept(touched.copy);
  if (!copy || copy.sha256 !== touched.sha256Before)
    throw new MachineFailure(`The copy ${touched.copy} of ${touched.path} is missing or was changed.`);
  const { uid, gid, mode, mtimeMs } = touched;
  return { ...copy, uid, gid, mode, mtimeMs };
}

/** Keeps a file byte by byte, with owner, mode and time. */
export async function keepCopy(copy: string, file: KeptFile): Promise<void> {
  await putFile(copy, file, true);
}
