import { settingOf, settings } from "@/lib/core/settings/catalogue";
import type { Typed } from "@/lib/core/views";
import type { Database } from "../database/client";
import { findRevision } from "./revisions";

/**
 * What a form that was opened on a revision asks to change: the fields whose text is another than it showed then. A
 * field that was left alone asks for nothing, whatever somebody else did to it meanwhile.
 */
export async function changedFields(db: Database, baseRevision: number, typed: Typed): Promise<Typed> {
  const base = await findRevision(db, baseRevision);
  return Object.fromEntries(
    settings.flatMap(({ key, text }) => {
      const given = typed[key];
      return given === undefined || given === (base ? text(base.values[key]) : undefined)
        ? []
        : [[key, given]];
    }),
  );
}

/** What a form sent of the settings. A box that isn't ticked sends nothing, so the form names those it has. */
export function typedSettings(fields: Readonly<Record<string, unknown>>): Typed {
  const boxes = typeof fields.boxes === "string" ? fields.boxes.split(" ") : [];
  return Object.fromEntries(
    settings.flatMap(({ key }) => {
      const given = fields[key];
      if (boxes.includes(key)) return [[key, given === "on" ? "on" : "off"]];
      return typeof given === "string" ? [[key, given]] : [];
    }),
  );
}

/** The same form with one field, or every field, at the default. */
export function withDefault(typed: Typed, key: string): Typed {
  const setting = settings.find((one) => one.key === key);
  return setting ? { ...typed, [setting.key]: setting.text(settingOf(setting.key).default) } : typed;
}
