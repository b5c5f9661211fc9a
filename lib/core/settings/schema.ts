import { z } from "zod";
import { catalogue, isSettingKey, type SettingKey, type SettingsValues, settingKeys } from "./catalogue";

/** A complaint about one field, fit to be shown beside it. */
export interface FieldProblem {
  key: string;
  message: string;
}

export type Parsed<T> = { ok: true; values: T } | { ok: false; problems: FieldProblem[] };

export const defaultSettings = Object.fromEntries(
  settingKeys.map((key) => [key, catalogue[key].default]),
) as SettingsValues;

/** Reads a change of some settings. All complaints at once; an unknown key is one. */
export function parsePatch(input: unknown): Parsed<Partial<SettingsValues>> {
  const record = z.record(z.string(), z.unknown()).safeParse(input);
  if (!record.success)
    return { ok: false, problems: [{ key: "", message: "Settings must be an object of keys and values." }] };
  const values: Partial<Record<SettingKey, SettingsValues[SettingKey]>> = {};
  const problems: FieldProblem[] = [];
  for (const [key, given] of Object.entries(record.data)) {
    if (!isSettingKey(key)) {
      problems.push({
        key,
        message: `There is no setting ${JSON.stringify(key)}. Known: ${settingKeys.join(", ")}.`,
      });
      continue;
    }
    const parsed = catalogue[key].schema.safeParse(given);
    if (parsed.success) values[key] = parsed.data;
    else
      for (const { message } of parsed.error.issues)
        problems.push({ key, message: `${catalogue[key].label} ${message}.` });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

/** Reads a whole state; what it doesn't name stands at its default. */
export function parseSettings(input: unknown): Parsed<SettingsValues> {
  const patch = parsePatch(input);
  return patch.ok ? { ok: true, values: { ...defaultSettings, ...patch.values } } : patch;
}
