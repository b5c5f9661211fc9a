import { type ConfigTree, placeWords, valueAt } from "../dovecot/config";
import type { Family } from "../dovecot/version";
import { type KnownSetting, type SettingKey, type SettingsValues, settings } from "../settings/catalogue";
import { lacks } from "../settings/rules";
import { unsetSettings } from "../settings/schema";
import type { Wanted } from "../settings/setting";

/** A setting that is left to the server's own files, and why. */
export interface Unknown {
  key: SettingKey;
  label: string;
  why: string;
}

export interface FoundValues {
  values: SettingsValues;
  unknown: Unknown[];
}

/** The effective value of every setting, as far as it can be told and set here. `tree` is what `doveconf` says. */
export function foundValues(tree: ConfigTree, family: Family): FoundValues {
  const known = settings.filter((setting) => !lacks(setting, { family }));
  const read = known.map((setting) => ({ setting, ...valueOf(setting, tree, family) }));
  const values = {
    ...unsetSettings,
    ...Object.fromEntries(
      read.filter(({ why }) => why === "").map(({ setting, value }) => [setting.key, value]),
    ),
  } as SettingsValues;
  const told = new Set(
    read.filter(({ why }) => why === "").flatMap(({ setting }) => placesOf(setting, family)),
  );
  const unknown = read.filter(
    ({ setting, why }) =>
      why !== "" &&
      // It has no effect with the others as they are, or another setting tells the same line.
      !setting.idle?.when(values) &&
      !placesOf(setting, family).every((place) => told.has(place)),
  );
  return { values, unknown: unknown.map(({ setting: { key, label }, why }) => ({ key, label, why })) };
}

function placesOf({ places }: KnownSetting, family: Family): string[] {
  return places[family].map(placeWords);
}

/** How 2.3 prints a limit of a service that has none of its own. */
const GENERAL = ["0", "18446744073709551615 B"];

function valueOf(setting: KnownSetting, tree: ConfigTree, family: Family): { value: Wanted; why: string } {
  const value = setting.read(tree, family);
  const raw = setting.places[family].map((place) => valueAt(tree, place)).find((text) => text !== undefined);
  if ((value === undefined || value === "") && !raw)
    return { value: null, why: "Dovecot has its own default there." };
  if (value === undefined)
    return { value: null, why: `Dovecot has "${raw}" there, which is no one value of this setting.` };
  const parsed = setting.schema.safeParse(value);
  if (parsed.success && parsed.data !== null) return { value: parsed.data, why: "" };
  if (GENERAL.includes(raw ?? ""))
    return { value: null, why: "Dovecot's general limit counts: it has none of its own." };
  const must = parsed.error?.issues[0]?.message.replace(/, not .*$/, "") ?? "must be something else";
  return { value: null, why: `Dovecot has "${raw}" there, and what is set here ${must}.` };
}

/** The same without some settings. IMAP and POP3 are always one or the other and stay. */
export function without(found: FoundValues, keys: readonly Unknown[]): FoundValues {
  const dropped = keys.filter(({ key }) => unsetSettings[key] === null);
  return {
    values: {
      ...found.values,
      ...Object.fromEntries(dropped.map(({ key }) => [key, null])),
    },
    unknown: [...found.unknown, ...dropped],
  };
}
