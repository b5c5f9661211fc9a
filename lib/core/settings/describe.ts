import { placeWords, questionFor } from "../dovecot/config";
import { FAMILIES } from "../dovecot/version";
import { type KnownSetting, type SettingsValues, sectionOf } from "./catalogue";
import type { Option, Range, Setting, Wanted } from "./setting";

/** A setting as `mailserver list --json` tells it; scripts rely on these names and on no others. */
export interface Summary {
  key: string;
  label: string;
  section: string;
  type: Setting["type"];
  unit: string | null;
  range?: Range;
  options?: Wanted[];
  default: Wanted;
  value: Wanted;
  since: string;
}

export function summaryOf(setting: KnownSetting, values: SettingsValues): Summary {
  return {
    key: setting.key,
    label: setting.label,
    section: sectionOf(setting.key).key,
    type: setting.type,
    unit: unitOf(setting),
    ...boundsOf(setting),
    default: setting.default,
    value: values[setting.key],
    since: setting.since,
  };
}

/** Everything else that there is to say, the same for command line and docs. */
export function detailsOf(setting: Setting) {
  const perFamily = <T>(tell: (family: (typeof FAMILIES)[number]) => T) =>
    Object.fromEntries(FAMILIES.map((family) => [family, tell(family)]));
  return {
    help: setting.help,
    risk: setting.risk,
    dovecotDefault: setting.dovecotDefault ?? null,
    mayBeUnset: setting.mayBeUnset,
    idle: setting.idle?.why ?? null,
    written: perFamily((family) => setting.places[family].map(placeWords)),
    ask: perFamily((family) => setting.places[family].map((place) => questionFor(place, family))),
  };
}

export function unitOf(setting: Setting): string | null {
  switch (setting.type) {
    case "integer":
    case "size":
    case "duration":
      return setting.unit;
    case "text":
      return "characters";
    case "addresses":
      return "addresses";
    case "switch":
    case "choice":
      return null;
  }
}

/** What a value may be, in words: "1 to 9,999", "one of TLSv1, TLSv1.1". */
export function rangeWords(setting: Setting): string {
  const { range, options } = boundsOf(setting);
  if (range)
    return `${range.min.toLocaleString("en-GB")} to ${range.max.toLocaleString("en-GB")} ${unitOf(setting) ?? ""}`.trim();
  return setting.type === "switch" ? "on or off" : (options ?? []).map(String).join(", ");
}

export function choicesOf(setting: Setting): readonly Option[] {
  if (setting.type === "choice") return setting.options;
  return setting.type === "switch"
    ? [
        { value: "on", label: "On" },
        { value: "off", label: "Off" },
      ]
    : [];
}

function boundsOf(setting: Setting): { range?: Range; options?: Wanted[] } {
  switch (setting.type) {
    case "switch":
      return { options: [true, false] };
    case "choice":
      return { options: setting.options.map(({ value }) => value) };
    case "integer":
    case "size":
    case "duration":
    case "text":
    case "addresses":
      return { range: setting.range };
  }
}
