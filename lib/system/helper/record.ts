import { z } from "zod";
import type { Outcome } from "@/lib/core/apply/outcome";
import type { MachinePorts } from "@/lib/core/apply/ports";
import { digestsOf, type InForce, type Prepared } from "@/lib/core/apply/prepare";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { parseStored } from "@/lib/core/settings/schema";
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

/** So many of those that were taken back are remembered. */
export const MOST_TAKEN_BACK = 100;

const settings = z.unknown().transform((input, context): SettingsValues => {
  const parsed = parseStored(input);
  if (parsed.ok) return parsed.values;
  context.addIssue({ code: "custom", message: "are no settings" });
  return z.NEVER;
});

const recordSchema = z.object({
  inForce: z
    .object({
      revision: z.number(),
      values: settings,
      fileDigests: z.record(z.string(), z.string()),
      mark: z.string(),
      loadedMark: z.string(),
      listeners: z.array(z.custom<InForce["listeners"][number]>((one) => typeof one === "object")),
    })
    .optional(),
  trials: z.array(
    z.object({
      revision: z.number(),
      seconds: z.number(),
      deadline: z.number(),
      before: settings,
      made: settings,
      fileDigests: z.record(z.string(), z.string()),
    }),
  ),
  takenBack: z.array(z.number()),
});

/** Without one, or with one that a newer version wrote, the next change is a first one: whatever is found is replaced by a reload. */
export async function readRecord(path: string): Promise<HelperRecord> {
  const text = await readIfThere(path);
  const parsed = text === undefined ? undefined : recordSchema.safeParse(JSON.parse(text));
  return parsed?.success
    ? { ...parsed.data, inForce: parsed.data.inForce }
    : { inForce: undefined, trials: [], takenBack: [] };
}

export async function writeRecord(path: string, record: HelperRecord): Promise<void> {
  await replaceFile(path, `${JSON.stringify(record)}\n`, 0o600);
}

/** What is in force after a run, as far as it was seen. */
export function inForceAfter(
  before: InForce | undefined,
  outcome: Outcome,
  {
    prepared,
    values,
    revision,
    ports,
  }: {
    prepared: Prepared;
    values: SettingsValues;
    revision: number;
    ports: Pick<MachinePorts, "digest">;
  },
): InForce | undefined {
  if (outcome.kind === "rolled-back") return before && { ...before, loadedMark: outcome.loadedMark };
  if (outcome.kind !== "applied" && outcome.kind !== "unchanged") return before;
  return {
    revision,
    values,
    fileDigests: digestsOf(prepared.rendered.files, ports),
    mark: prepared.rendered.mark,
    loadedMark: outcome.loadedMark,
    listeners: prepared.effective.listeners,
  };
}
