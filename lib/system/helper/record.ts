import type { InForce } from "@/lib/core/apply/prepare";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { parseStored, unsetSettings } from "@/lib/core/settings/schema";
import { readIfThere, replaceFile } from "../files";

/** A change that goes back unless somebody confirms it. */
export interface HeldTrial {
  revision: number;
  seconds: number;
  /** Milliseconds since 1970. */
  deadline: number;
  before: SettingsValues;
  made: SettingsValues;
  /** Of the files that it made. */
  fileDigests: Readonly<Record<string, string>>;
}

/** What the helper must know without the panel: what it last applied, and what is on trial. */
export interface HelperRecord {
  inForce: InForce | undefined;
  trials: HeldTrial[];
  /** Revisions that were taken back, the last ones; for a panel that was away meanwhile. */
  takenBack: number[];
}

/** It is the helper's own file, which nobody else can write: only settings that came with a newer version are completed. */
export async function readRecord(path: string): Promise<HelperRecord> {
  const text = await readIfThere(path);
  if (text === undefined) return { inForce: undefined, trials: [], takenBack: [] };
  const { inForce, trials, takenBack } = JSON.parse(text) as HelperRecord;
  return {
    inForce: inForce && { ...inForce, values: completed(inForce.values) },
    trials: trials.map((one) => ({ ...one, before: completed(one.before), made: completed(one.made) })),
    takenBack,
  };
}

export async function writeRecord(path: string, record: HelperRecord): Promise<void> {
  await replaceFile(path, `${JSON.stringify(record)}\n`, 0o600);
}

function completed(values: unknown): SettingsValues {
  const stored = parseStored(values);
  return stored.ok ? stored.values : unsetSettings;
}
