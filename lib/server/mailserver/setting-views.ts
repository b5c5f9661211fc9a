import {
  type KnownSetting,
  type SettingsValues,
  sections,
  settingOf,
  settings,
} from "@/lib/core/settings/catalogue";
import { changesBetween } from "@/lib/core/settings/changes";
import { choicesOf } from "@/lib/core/settings/describe";
import { type Profile } from "@/lib/core/settings/profiles";
import { lacks } from "@/lib/core/settings/rules";
import { searchText } from "@/lib/core/settings/search";
import type { ProfileView, SectionView, SettingView, Typed } from "@/lib/core/views";
import type { Effective } from "./effective";
import type { MailserverStatus } from "./status";

/** Every setting as the page shows it, in the order of the page. */
export function sectionViews(status: MailserverStatus, effective: readonly Effective[]): SectionView[] {
  return sections.map(({ key, label, settings: inSection }) => ({
    key,
    label,
    settings: settings
      .filter((setting) => inSection.some((one) => one.key === setting.key))
      .map((setting) =>
        settingView(
          setting,
          status,
          effective.find((one) => one.key === setting.key),
        ),
      ),
  }));
}

function settingView(
  setting: KnownSetting,
  status: MailserverStatus,
  effective: Effective | undefined,
): SettingView {
  const { key, label, help, type, risk } = setting;
  const { values } = status.wanted;
  const { site, loaded, dovecot } = status;
  const found =
    values[key] === null && site && !lacks(setting, site)
      ? setting.read(site.config, site.family)
      : undefined;
  return {
    key,
    label,
    help,
    search: searchText(setting),
    type,
    unit: "unit" in setting ? setting.unit : null,
    range: "range" in setting ? setting.range : null,
    options: choicesOf(setting),
    saved: setting.text(values[key]),
    default: setting.text(setting.default),
    defaultWords: setting.words(setting.default),
    dovecotDefault: setting.dovecotDefault ?? null,
    found: found === undefined ? null : setting.words(found),
    lacking:
      site && lacks(setting, site)
        ? `Needs Dovecot ${setting.since}; this server runs ${dovecot.version}.`
        : null,
    idle: setting.idle?.when(values) ? setting.idle.why : null,
    risk,
    effective: effective
      ? { asWanted: effective.asWanted, sentences: [...effective.sentences, loadedSentence(loaded)] }
      : null,
  };
}

/** `doveconf` reads files; what the daemon has loaded is another fact. */
function loadedSentence(loaded: boolean): string {
  return loaded
    ? "The running Dovecot has loaded it."
    : "The running Dovecot has not loaded what is wanted: apply it, at the top of the page.";
}

/** What a starting point would change on this server. */
export function profileView(profile: Profile, { wanted, site }: MailserverStatus): ProfileView {
  const possible = Object.entries(profile.values).filter(([key]) => {
    const setting = settings.find((one) => one.key === key);
    return setting && !(site && lacks(setting, site));
  });
  const values: SettingsValues = { ...wanted.values, ...Object.fromEntries(possible) };
  const changes = changesBetween(wanted.values, values);
  return {
    key: profile.key,
    label: profile.label,
    help: profile.help,
    changes: changes.map(({ key, label, from, to }) => ({
      label,
      from: settingOf(key).words(from),
      to: settingOf(key).words(to),
    })),
    typed: Object.fromEntries(changes.map(({ key, to }) => [key, settingOf(key).text(to)])) as Typed,
  };
}
