import { isWritten, mend } from "@/lib/core/apply/overrides";
import { MachineFailure, type Setter, UnsupportedServer } from "@/lib/core/apply/ports";
import { type ConfigTree, placeWords, valueAt } from "@/lib/core/dovecot/config";
import type { Family } from "@/lib/core/dovecot/version";
import { type SettingKey, type SettingsValues, settingOf } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import { lacks } from "@/lib/core/settings/rules";
import type { Wanted } from "@/lib/core/settings/setting";
import { readConfig, supportedVersion } from "@/lib/system/dovecot/doveconf";
import type { MailNode } from "../node";

/** What the files on disk come to for one setting, by Dovecot's own reader. */
export interface Effective {
  key: SettingKey;
  /** As a value of ours; null where it is none. */
  value: Wanted;
  /** As Dovecot prints it, place by place. */
  raw: { place: string; value: string | null }[];
  /** It is what is wanted, or nothing is wanted of it. */
  asWanted: boolean;
  /** The line of the server's own files that sets it last, if any does. */
  setBy: Setter | null;
  sentences: string[];
}

export interface EffectiveSettings {
  settings: Effective[];
  /** A sentence where the configuration can't be read. */
  trouble: string | null;
}

/** Reads the files as they are now; the daemon may run older ones, which the status tells. */
export async function effectiveSettings(
  node: MailNode,
  wanted: SettingsValues,
  keys: readonly SettingKey[],
): Promise<EffectiveSettings> {
  try {
    const { family } = await supportedVersion(node.instance);
    const tree = await readConfig(node.instance, node.instance.configFile);
    const setters = await node.ports.whoSets(
      keys.map((key) => settingOf(key).places[family][0] ?? { block: [], name: key }),
    );
    return {
      settings: keys.map((key, index) => effectiveOf(key, { tree, family, wanted, setter: setters[index] })),
      trouble: null,
    };
  } catch (error) {
    if (error instanceof MachineFailure || error instanceof UnsupportedServer)
      return { settings: [], trouble: error.message };
    throw error;
  }
}

interface Seen {
  tree: ConfigTree;
  family: Family;
  wanted: SettingsValues;
  setter: Setter | undefined;
}

function effectiveOf(key: SettingKey, { tree, family, wanted, setter }: Seen): Effective {
  const setting = settingOf(key);
  const value = lacks(setting, { family }) ? null : (setting.read(tree, family) ?? null);
  const raw = setting.places[family].map((place) => ({
    place: placeWords(place),
    value: valueAt(tree, place) ?? null,
  }));
  const written = isWritten(setting, wanted, family);
  const asWanted = !written || sameWanted(wanted[key], value);
  const base = { key, value, raw, asWanted, setBy: setter ?? null };
  if (lacks(setting, { family }))
    return { ...base, sentences: [`Dovecot ${family} has no such setting; ${setting.since} has.`] };
  // The whole of a long text, which a sentence elsewhere cuts short.
  const found =
    value === null ? rawWords(raw) : typeof value === "string" ? `"${value}"` : setting.words(value);
  const says = `On disk: ${found}.`;
  if (!asWanted)
    return { ...base, sentences: [says, `Wanted is ${setting.words(wanted[key])}: ${mend(setter)}`] };
  const origin = written
    ? "Portcullis's file sets it."
    : setter
      ? `${setter.file} line ${setter.line} sets it.`
      : "No file sets it: it is Dovecot's own default.";
  return { ...base, sentences: [says, origin] };
}

function rawWords(raw: Effective["raw"]): string {
  const [first, ...others] = raw;
  if (!first) return "nothing";
  if (others.every(({ value }) => value === first.value))
    return first.value === null ? "Dovecot's own default" : `"${first.value}"`;
  return raw.map(({ place, value }) => `${value ?? "its default"} (${place})`).join(" and ");
}
