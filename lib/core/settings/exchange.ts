import { isSettingKey, type SettingsValues, settingOf, settings } from "./catalogue";
import { type FieldProblem, type Parsed, parsePatch } from "./schema";
import type { Setting } from "./setting";

/** Says what a file of exported settings is; it changes when such files can't be read the same way any more. */
export const FORMAT = "portcullis-settings/1";

export interface SettingsFile {
  format: typeof FORMAT;
  settings: SettingsValues;
}

export function exportOf(values: SettingsValues): SettingsFile {
  return {
    format: FORMAT,
    settings: Object.fromEntries(settings.map(({ key }) => [key, values[key]])) as SettingsValues,
  };
}

/** Reads such a file. It takes what the published schema takes, and complains of everything else at once. */
export function importOf(input: unknown): Parsed<Partial<SettingsValues>> {
  if (!isRecord(input) || input.format !== FORMAT || !isRecord(input.settings))
    return refused(
      `This is no settings file: it must be an object with "format": "${FORMAT}" and "settings".`,
    );
  const foreign = Object.keys(input).filter((name) => !["$schema", "format", "settings"].includes(name));
  if (foreign.length > 0)
    return refused(`A settings file has no ${foreign.map((name) => JSON.stringify(name)).join(", ")}.`);
  const loose = Object.entries(input.settings).flatMap(([key, value]): FieldProblem[] => {
    if (!isSettingKey(key)) return [];
    const expected = jsonTypeOf(settingOf(key));
    return value === null || isOfType(value, expected)
      ? []
      : [{ key, message: `${settingOf(key).label} must be ${expected.words} or null in a file.` }];
  });
  const parsed = parsePatch(input.settings);
  if (parsed.ok) loose.push(...respelled(input.settings, parsed.values));
  if (loose.length === 0) return parsed;
  const others = parsed.ok ? [] : parsed.problems.filter(({ key }) => loose.every((one) => one.key !== key));
  return { ok: false, problems: [...loose, ...others] };
}

/** Texts that a person's keyboard may spell another way (`tlsv1.2`, `default`), and a file may not. */
function respelled(given: Record<string, unknown>, values: Partial<SettingsValues>): FieldProblem[] {
  return Object.entries(values).flatMap(([key, value]) =>
    typeof given[key] === "string" && given[key] !== value
      ? [{ key, message: `${key} must be written as ${JSON.stringify(value)} in a file.` }]
      : [],
  );
}

/** How a value stands in JSON; words that people type ("on", "20 MB") are for people. */
function jsonTypeOf({ type }: Setting): {
  name: "boolean" | "integer" | "string" | "array";
  words: string;
} {
  switch (type) {
    case "switch":
      return { name: "boolean", words: "true, false" };
    case "integer":
    case "size":
    case "duration":
      return { name: "integer", words: "a number" };
    case "choice":
    case "text":
      return { name: "string", words: "a text" };
    case "addresses":
      return { name: "array", words: "a list of texts" };
  }
}

function isOfType(value: unknown, { name }: ReturnType<typeof jsonTypeOf>): boolean {
  switch (name) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value) && value.every((part) => typeof part === "string");
    case "boolean":
    case "string":
      return typeof value === name;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(message: string): Parsed<never> {
  return { ok: false, problems: [{ key: "", message }] };
}
