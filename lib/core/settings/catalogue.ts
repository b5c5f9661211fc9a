import type { z } from "zod";
import type { Directive } from "../dovecot/directive";
import type { RenderTarget } from "../dovecot/target";
import { authentication } from "./sections/authentication";
import { delivery } from "./sections/delivery";
import { idle } from "./sections/idle";
import { mailProcesses } from "./sections/mail-processes";
import { protocols } from "./sections/protocols";
import { storage } from "./sections/storage";
import { tls } from "./sections/tls";
import type { Section, Setting } from "./setting";

/** Every setting that Portcullis manages, in the order of the page. */
const composed = [protocols, authentication, tls, mailProcesses, idle, storage, delivery] as const;

type Entry = (typeof composed)[number]["settings"][number];

export type SettingKey = Entry["key"];
export type SettingsValues = { readonly [One in Entry as One["key"]]: z.infer<One["schema"]> };

export const sections: readonly Section[] = composed;

/** An entry whose key is one of the known ones. */
export type KnownSetting = Setting & { readonly key: SettingKey };

export const settings: readonly KnownSetting[] = composed.flatMap(
  (section): readonly Entry[] => section.settings,
);

export const settingKeys: readonly SettingKey[] = settings.map(({ key }) => key);

const byKey = new Map<string, KnownSetting>(settings.map((setting) => [setting.key, setting]));

export function isSettingKey(key: string): key is SettingKey {
  return byKey.has(key);
}

export function settingOf(key: SettingKey): KnownSetting {
  const setting = byKey.get(key);
  if (!setting) throw new Error(`There is no setting ${key}.`);
  return setting;
}

export function sectionOf(key: SettingKey): Section {
  const found = sections.find((one) => one.settings.some((setting) => setting.key === key));
  if (!found) throw new Error(`There is no setting ${key}.`);
  return found;
}

export function directivesFor(values: SettingsValues, target: RenderTarget): Directive[] {
  return settings.flatMap((setting) => setting.render(values, target));
}
