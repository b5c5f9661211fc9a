import { isSettingKey, type SettingsValues, settingOf, settings } from "./catalogue";
import type { Wanted } from "./setting";

/** A complaint about one field, fit to be shown beside it. */
export interface FieldProblem {
  key: string;
  message: string;
}

export type Parsed<T> = { ok: true; values: T } | { ok: false; problems: FieldProblem[] };

export const defaultSettings = Object.fromEntries(
  settings.map((setting) => [setting.key, setting.default]),
) as SettingsValues;

/** Nothing is set but what always is: the server's own files decide. */
export const unsetSettings = Object.fromEntries(
  settings.map((setting) => [setting.key, setting.mayBeUnset ? null : setting.default]),
) as SettingsValues;

/** What of a change could be read, and every complaint about the rest. */
export interface ReadPatch {
  values: Partial<SettingsValues>;
  problems: FieldProblem[];
}

/** Reads a change of some settings. All complaints at once; an unknown key is one. */
export function readPatch(input: unknown): ReadPatch {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return { values: {}, problems: [{ key: "", message: "Settings must be an object of keys and values." }] };
  const values: Record<string, Wanted> = {};
  const problems: FieldProblem[] = [];
  for (const [key, given] of Object.entries(input)) {
    if (!isSettingKey(key)) {
      problems.push({ key, message: unknownKey(key) });
      continue;
    }
    const setting = settingOf(key);
    const parsed = setting.schema.safeParse(given);
    if (parsed.success) values[key] = parsed.data;
    else
      for (const { message } of parsed.error.issues)
        problems.push({ key, message: `${setting.label} ${message}.` });
  }
  return { values, problems };
}

export function parsePatch(input: unknown): Parsed<Partial<SettingsValues>> {
  const { values, problems } = readPatch(input);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

/** Reads a whole state; what it doesn't name stands at its default. */
export function parseSettings(input: unknown): Parsed<SettingsValues> {
  return completed(input, defaultSettings);
}

/**
 * Reads a state that was stored. A setting that came later isn't named in it and was never written: it is as found,
 * so that a new version of Portcullis changes nothing by itself.
 */
export function parseStored(input: unknown): Parsed<SettingsValues> {
  return completed(input, unsetSettings);
}

export function unknownKey(key: string): string {
  return `There is no setting ${JSON.stringify(key.slice(0, 80))}. "portcullis mailserver list" names them all.`;
}

function completed(input: unknown, rest: SettingsValues): Parsed<SettingsValues> {
  const patch = parsePatch(input);
  return patch.ok ? { ok: true, values: { ...rest, ...patch.values } } : patch;
}
