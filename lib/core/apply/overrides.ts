import type { ConfigTree } from "../dovecot/config";
import { SETTINGS_FILE } from "../dovecot/render";
import type { RenderTarget } from "../dovecot/target";
import { type KnownSetting, type SettingsValues, settings } from "../settings/catalogue";
import { sameWanted } from "../settings/changes";
import { lacks } from "../settings/rules";
import type { FieldProblem } from "../settings/schema";
import type { MachinePorts, Setter } from "./ports";

/** The settings that a configuration comes to otherwise than is wanted. */
export function overridden(
  config: ConfigTree,
  wanted: SettingsValues,
  { family }: Pick<RenderTarget, "family">,
): KnownSetting[] {
  return settings.filter((setting) => {
    if (!isWritten(setting, wanted, family)) return false;
    return !sameWanted(wanted[setting.key], setting.read(config, family) ?? null);
  });
}

/** A value is set, this Dovecot knows it, and it has an effect with the others as they are. */
export function isWritten(
  setting: KnownSetting,
  values: SettingsValues,
  family: RenderTarget["family"],
): boolean {
  return values[setting.key] !== null && !lacks(setting, { family }) && !setting.idle?.when(values);
}

interface Overridable {
  config: ConfigTree;
  wanted: SettingsValues;
  target: RenderTarget;
  /** Only these are looked at. */
  concerned: ReadonlySet<string>;
}

/** A line read after our file that undoes it: the setting would be saved and have no effect. */
export async function overrideProblems(
  ports: Pick<MachinePorts, "whoSets">,
  { config, wanted, target, concerned }: Overridable,
): Promise<FieldProblem[]> {
  const undone = overridden(config, wanted, target).filter(({ key }) => concerned.has(key));
  if (undone.length === 0) return [];
  const setters = await ports.whoSets(undone.flatMap(({ places }) => places[target.family].slice(0, 1)));
  return undone.map((setting, index) => ({
    key: setting.key,
    message: sentenceFor(setting, config, wanted, target, setters[index]),
  }));
}

function sentenceFor(
  { key, label, read, words }: KnownSetting,
  config: ConfigTree,
  wanted: SettingsValues,
  { family }: RenderTarget,
  setter: Setter | undefined,
): string {
  const isProtocol = key === "imap" || key === "pop3";
  const found = read(config, family);
  const stays = isProtocol
    ? `${label} would stay ${wanted[key] ? "closed" : "open"}`
    : `${label} would stay ${found === undefined ? "as it is" : `at ${words(found)}`}`;
  return `${stays}: ${mend(setter)}`;
}

/** Which line wins and how to mend it. */
export function mend(setter: Setter | undefined): string {
  if (!setter)
    return `another line sets it after the file that Portcullis writes. Move that line before the include of "portcullis/${SETTINGS_FILE}".`;
  const where = `${setter.file} line ${setter.line} says "${setter.text}"`;
  return setter.afterOurs
    ? `${where} after the file that Portcullis writes. Move that line before the include of "portcullis/${SETTINGS_FILE}", or take it out.`
    : `${where}, and that is more particular than what Portcullis writes. Take it out there.`;
}
