import type { Directive } from "../dovecot/directive";
import type { Family } from "../dovecot/version";
import { imap, pop3 } from "./protocols";
import type { Need, Setting } from "./setting";

/** Every setting that Portcullis manages, in the order of the page. */
export const catalogue = { imap, pop3 } as const;

export type SettingKey = keyof typeof catalogue;
export type SettingsValues = { readonly [Key in SettingKey]: (typeof catalogue)[Key]["default"] };

export const settingKeys = Object.keys(catalogue) as SettingKey[];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(catalogue, key);
}

export function directivesFor(values: SettingsValues, family: Family): Directive[] {
  return settingKeys.flatMap((key) => catalogue[key].render(values[key], family));
}

export interface Change {
  key: SettingKey;
  label: string;
  from: SettingsValues[SettingKey];
  to: SettingsValues[SettingKey];
  need: Need;
  sentence: string;
}

export function changesBetween(from: SettingsValues, to: SettingsValues): Change[] {
  return settingKeys
    .filter((key) => from[key] !== to[key])
    .map((key) => {
      const setting: Setting = catalogue[key];
      return {
        key,
        label: setting.label,
        from: from[key],
        to: to[key],
        need: setting.needs(from[key], to[key]),
        sentence: setting.sentence(to[key]),
      };
    });
}
