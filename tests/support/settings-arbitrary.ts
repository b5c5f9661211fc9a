import fc from "fast-check";
import type { RenderTarget } from "@/lib/core/dovecot/target";
import { type KnownSetting, type SettingsValues, settingOf, settings } from "@/lib/core/settings/catalogue";
import { judge } from "@/lib/core/settings/rules";
import type { Wanted } from "@/lib/core/settings/setting";

/** Any state that the schemas accept, each value from the whole of its range and often from its ends. */
export const anySettings: fc.Arbitrary<SettingsValues> = fc.record(
  Object.fromEntries(settings.map((setting) => [setting.key, wantedOf(setting)])),
) as fc.Arbitrary<SettingsValues>;

function wantedOf(setting: KnownSetting): fc.Arbitrary<Wanted> {
  const value = valueOf(setting);
  return setting.mayBeUnset
    ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: value })
    : value;
}

function valueOf(setting: KnownSetting): fc.Arbitrary<Wanted> {
  switch (setting.type) {
    case "switch":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...setting.options.map(({ value }) => value));
    case "integer":
    case "size":
    case "duration": {
      const { min, max } = setting.range;
      return fc.oneof(fc.constantFrom(min, max, min + 1), fc.integer({ min, max }));
    }
    case "text":
      return textOf(setting);
    case "addresses":
      return fc
        .uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), {
          minLength: 1,
          maxLength: 8,
          selector: (one) => one.toLowerCase(),
        })
        .map((list) => list.map((one) => one.toLowerCase()))
        .filter((list) => setting.schema.safeParse(list).success);
  }
}

/** Everything printable, and more of what lists of ciphers are made of; the schema has the last word. */
function textOf(setting: KnownSetting): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      "DEFAULT",
      "ALL",
      "HIGH",
      "ECDHE-RSA-AES128-GCM-SHA256",
      "!aNULL",
      "+RSA",
      "@SECLEVEL=0",
      "kRSA+AES",
    ),
    fc.stringMatching(/^[A-Za-z0-9!+@=_., -]{1,12}$/),
    fc.stringMatching(/^[A-Z0-9_]{3,30}$/),
  );
  return fc
    .array(piece, { minLength: 1, maxLength: 12 })
    .map((pieces) => pieces.join(":").trim())
    .filter((text) => setting.schema.safeParse(text).success);
}

/** Takes back what contradicts the rest, as the checks would refuse it, until nothing does. */
export function withoutContradictions(
  values: SettingsValues,
  { family, site }: RenderTarget,
): SettingsValues {
  const touched = new Set(settings.map(({ key }) => key));
  for (let state = values; ; ) {
    const { errors } = judge(state, touched, { family, site, memoryMb: undefined });
    if (errors.length === 0) return state;
    const taken = errors.map(({ key }) => [
      key,
      settingOf(key as KnownSetting["key"]).default === null ? null : neutral(key),
    ]);
    state = { ...state, ...Object.fromEntries(taken) } as SettingsValues;
  }
}

function neutral(key: string): Wanted {
  return key.endsWith("_days") ? 30 : null;
}
