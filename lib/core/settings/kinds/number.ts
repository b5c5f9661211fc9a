import { z } from "zod";
import { amountIn, type Unit } from "../../dovecot/amount";
import type { Family } from "../../dovecot/version";
import type { NumberSetting, Range } from "../setting";
import { entryFrom, quoted, type Spec, wantedSchema } from "./spec";

interface NumberSpec<Key extends string> extends Spec<Key, number> {
  range: Range;
  /** How 0 is written where Dovecot has a word for it. */
  zero?: Partial<Record<Family, string>>;
}

const SINGULAR: Readonly<Record<string, string>> = {
  connections: "connection",
  days: "day",
  deliveries: "delivery",
  processes: "process",
};

/** A count of something; `unit` is what is counted, said beside the field; null for a number that counts nothing. */
export function integer<const Key extends string>(
  spec: NumberSpec<Key> & { unit: string | null },
): NumberSetting<Key> {
  return number(spec, { type: "integer", unit: spec.unit, suffix: "", written: undefined });
}

/** Memory or disk, in MB of 1,048,576 bytes. */
export function size<const Key extends string>(spec: NumberSpec<Key>): NumberSetting<Key> {
  return number(spec, { type: "size", unit: "MB", suffix: "M", written: "MB" });
}

const DURATIONS = {
  seconds: { unit: "s", suffix: "s", written: "s" },
  minutes: { unit: "min", suffix: "min", written: "min" },
  days: { unit: "days", suffix: "d", written: "days" },
} as const satisfies Record<string, { unit: string; suffix: string; written: Unit }>;

export function duration<const Key extends string>(
  spec: NumberSpec<Key> & { unit: keyof typeof DURATIONS },
): NumberSetting<Key> {
  return number(spec, { type: "duration", ...DURATIONS[spec.unit], spelled: spec.unit });
}

interface Manner {
  type: NumberSetting["type"];
  unit: string | null;
  /** What Dovecot wants behind the number. */
  suffix: string;
  written: Unit | undefined;
  /** The unit in a sentence, where it isn't the one beside the field. */
  spelled?: string;
}

function number<const Key extends string>(spec: NumberSpec<Key>, manner: Manner): NumberSetting<Key> {
  const { type, unit, suffix, written, spelled = unit } = manner;
  const words = (value: number) =>
    unit === null
      ? String(value)
      : `${value.toLocaleString("en-GB")} ${value === 1 ? (SINGULAR[unit] ?? unit) : unit}`;
  const entry = entryFrom<Key, number>(
    spec,
    {
      encode: (value, family) =>
        (value === 0 ? spec.zero?.[family] : undefined) ?? (suffix === "" ? value : `${value}${suffix}`),
      decode: (raw, family) => (raw === spec.zero?.[family] ? 0 : amountIn(raw, written)),
    },
    { text: String, words },
  );
  return {
    ...entry,
    type,
    unit,
    range: spec.range,
    schema: wantedSchema(numberSchema(spec.range, unit, spelled), spec.default),
  };
}

/** A whole number, or what a person types for one: "20", "20 MB". */
function numberSchema({ min, max }: Range, unit: string | null, spelled: string | null): z.ZodType<number> {
  return z.unknown().transform((given, context) => {
    const value =
      typeof given === "number" ? given : typeof given === "string" ? typed(given, unit) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const kind = unit === null ? "a whole number" : `a whole number of ${spelled}`;
    const most = unit === null ? max : max.toLocaleString("en-GB");
    context.addIssue({
      code: "custom",
      message: `must be ${kind} from ${min} to ${most}, not ${quoted(given)}`,
    });
    return z.NEVER;
  });
}

function typed(text: string, unit: string | null): number {
  const [, digits, behind = ""] = /^\s*(\d{1,15})\s*([A-Za-z ]*?)\s*$/.exec(text) ?? [];
  return digits !== undefined && ["", (unit ?? "").toLowerCase()].includes(behind.toLowerCase())
    ? Number(digits)
    : Number.NaN;
}
