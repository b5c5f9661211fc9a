import type { RenderTarget } from "../dovecot/target";
import { directivesFor, type SettingKey, type SettingsValues, settings } from "./catalogue";
import type { Need, Wanted } from "./setting";

export interface Change {
  key: SettingKey;
  label: string;
  from: Wanted;
  to: Wanted;
  /** What the daemon needs in order to obey. */
  need: Need;
  sentence: string;
}

/**
 * Each setting that differs, in the order of the page. Without a target it isn't known that one has no effect on this
 * server, so each is taken to need something.
 */
export function changesBetween(from: SettingsValues, to: SettingsValues, target?: RenderTarget): Change[] {
  return settings
    .filter(({ key }) => !sameWanted(from[key], to[key]))
    .map((setting) => ({
      key: setting.key,
      label: setting.label,
      from: from[setting.key],
      to: to[setting.key],
      need:
        target && !matters(setting.key, from, to, target)
          ? "nothing"
          : setting.needs(from[setting.key], to[setting.key]),
      sentence: setting.sentence(to[setting.key]),
    }));
}

export function sameWanted(a: Wanted, b: Wanted): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Something else would be written if this one had not changed. */
function matters(key: SettingKey, from: SettingsValues, to: SettingsValues, target: RenderTarget): boolean {
  const without = { ...to, [key]: from[key] };
  return JSON.stringify(directivesFor(without, target)) !== JSON.stringify(directivesFor(to, target));
}
