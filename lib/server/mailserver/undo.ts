import { isSettingKey, type SettingsValues, settingKeys, settingOf } from "@/lib/core/settings/catalogue";
import { type Change, changesBetween, sameWanted } from "@/lib/core/settings/changes";
import type { Wanted } from "@/lib/core/settings/setting";
import type { Database } from "../database/client";
import type { MailNode } from "../node";
import { findRevision, latestRevision, type Revision } from "./revisions";
import { type SaveRequest, type SaveResult, saveMailserver } from "./save";

/** A setting that a later revision changed again. */
export interface UndoConflict {
  key: string;
  label: string;
  /** Before the revision that is to be taken back, after it, and now; in words. */
  before: string;
  made: string;
  now: string;
  /** The last revision that changed it. */
  by: { number: number; author: string; createdAt: Date };
}

/** What taking a revision back would do: only the settings that it changed are touched. */
export interface UndoPlan {
  kind: "plan";
  number: number;
  base: Revision;
  /** Of the settings that nobody changed since. */
  patch: Partial<SettingsValues>;
  changes: Change[];
  conflicts: UndoConflict[];
  /** Of those in conflict. */
  overwriting: Partial<SettingsValues>;
}

export type UndoLook = UndoPlan | { kind: "unknown" } | { kind: "first" };

export async function planUndo(db: Database, number: number): Promise<UndoLook> {
  const [revision, parent, latest] = await Promise.all([
    findRevision(db, number),
    findRevision(db, number - 1),
    latestRevision(db),
  ]);
  if (!revision) return { kind: "unknown" };
  if (!parent) return { kind: "first" };
  const patch: Record<string, Wanted> = {};
  const overwriting: Record<string, Wanted> = {};
  const conflicts: UndoConflict[] = [];
  for (const key of settingKeys) {
    const [before, made, now] = [parent.values[key], revision.values[key], latest.values[key]];
    // What it didn't change, and what is again as it was.
    if (sameWanted(before, made) || sameWanted(before, now)) continue;
    if (sameWanted(made, now)) patch[key] = before;
    else {
      overwriting[key] = before;
      const { label, words } = settingOf(key);
      const by = await lastChangeOf(db, key, latest);
      conflicts.push({ key, label, before: words(before), made: words(made), now: words(now), by });
    }
  }
  const wanted: Partial<SettingsValues> = patch;
  return {
    kind: "plan",
    number,
    base: latest,
    patch: wanted,
    changes: changesBetween(latest.values, { ...latest.values, ...wanted }),
    conflicts,
    overwriting,
  };
}

/** What is set to take it back, by what becomes of settings that were changed again since. */
export function undoPatch(
  { patch, overwriting }: UndoPlan,
  conflicts: "leave" | "overwrite" | "refuse",
): Partial<SettingsValues> {
  return conflicts === "overwrite" ? { ...patch, ...overwriting } : patch;
}

/** The last revision up to `latest` that changed a setting. */
async function lastChangeOf(db: Database, key: string, latest: Revision): Promise<UndoConflict["by"]> {
  let newer = latest;
  for (;;) {
    const older = await findRevision(db, newer.number - 1);
    if (!older || !isSettingKey(key) || !sameWanted(older.values[key], newer.values[key])) return newer;
    newer = older;
  }
}

export interface UndoRequest extends Omit<SaveRequest, "patch" | "baseRevision" | "undoes"> {
  number: number;
  /** What becomes of settings that were changed again since: nothing is done, they stay, or they go back too. */
  conflicts: "refuse" | "leave" | "overwrite";
}

export type UndoResult =
  | Exclude<UndoLook, UndoPlan>
  /** Everything that it changed is as it was before already. */
  | { kind: "nothing" }
  | { kind: "overtaken"; plan: UndoPlan }
  | { kind: "saved"; plan: UndoPlan; result: SaveResult };

/** Takes a revision back by a new one. */
export async function undoRevision(
  node: MailNode,
  { number, conflicts, ...request }: UndoRequest,
): Promise<UndoResult> {
  const plan = await planUndo(node.db, number);
  if (plan.kind !== "plan") return plan;
  if (plan.conflicts.length > 0 && conflicts === "refuse") return { kind: "overtaken", plan };
  const patch = undoPatch(plan, conflicts);
  if (Object.keys(patch).length === 0) return { kind: "nothing" };
  const save = { ...request, patch, baseRevision: plan.base.number, undoes: number };
  return { kind: "saved", plan, result: await saveMailserver(node, save) };
}
