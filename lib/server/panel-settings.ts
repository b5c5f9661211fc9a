import { type OptionGroupKey, optionGroups } from "@/lib/core/panel/groups";
import {
  type OptionGroup,
  optionSentences,
  readOptions,
  type TypedOptions,
  type ValuesOf,
} from "@/lib/core/panel/option";
import type { FieldProblem } from "@/lib/core/settings/schema";
import { audit } from "./audit";
import type { Database, Write } from "./database/client";
import type { Actor } from "./mailserver/revisions";

/** A group of the panel's own settings as it is saved. */
export interface SavedOptions<Key extends OptionGroupKey> {
  /** Counts the saves; 0 when nobody saved any. */
  version: number;
  typed: TypedOptions;
  values: ValuesOf<(typeof optionGroups)[Key]>;
}

export async function panelSettings<Key extends OptionGroupKey>(
  db: Database | Write,
  key: Key,
): Promise<SavedOptions<Key>> {
  const row = await db.panelSettings.findUnique({ where: { group: key } });
  const group: OptionGroup = optionGroups[key];
  const typed = row ? (JSON.parse(row.typed) as TypedOptions) : {};
  const read = readOptions(group, typed);
  // What an older release let through counts as not set: better a default than a panel that fails.
  const sound = read.ok ? read : readOptions(group, {});
  if (!sound.ok) throw new Error(`The defaults of ${key} don't fit its schemas.`);
  return { version: row?.version ?? 0, typed, values: sound.values as SavedOptions<Key>["values"] };
}

export type SaveOptionsResult =
  | { ok: true; sentences: string[] }
  | { ok: false; problems: FieldProblem[] }
  /** Somebody saved since the form was opened. */
  | { ok: false; conflict: { by: string; sentences: string[] } };

/** Saves those that are named. `version` is the one that the form was opened on; undefined saves over whatever is there. */
export async function savePanelSettings(
  db: Database,
  actor: Actor,
  key: OptionGroupKey,
  patch: TypedOptions,
  version?: number,
): Promise<SaveOptionsResult> {
  const group: OptionGroup = optionGroups[key];
  return await db.$transaction(async (write) => {
    const before = await panelSettings(write, key);
    if (version !== undefined && version !== before.version) {
      const row = await write.panelSettings.findUnique({ where: { group: key } });
      const sentences = row ? (JSON.parse(row.sentences) as string[]) : [];
      await audit(write, {
        actor,
        action: "panel-settings.save",
        outcome: "conflict",
        subject: key,
        sentences: [`${row?.author ?? "Somebody"} saved in between.`],
        after: optionSentences(group, before.typed, { ...before.typed, ...patch }),
      });
      return { ok: false, conflict: { by: row?.author ?? "somebody", sentences } };
    }
    const typed = { ...before.typed, ...patch };
    const read = readOptions(group, typed);
    if (!read.ok) return read;
    const sentences = optionSentences(group, before.typed, typed);
    if (sentences.length === 0) return { ok: true, sentences };
    const facts = {
      version: before.version + 1,
      typed: JSON.stringify(typed),
      sentences: JSON.stringify(sentences),
      author: actor.name,
      savedAt: new Date(),
    };
    await write.panelSettings.upsert({
      where: { group: key },
      create: { group: key, ...facts },
      update: facts,
    });
    await audit(write, { actor, action: "panel-settings.save", outcome: "done", subject: key, sentences });
    return { ok: true, sentences };
  });
}
