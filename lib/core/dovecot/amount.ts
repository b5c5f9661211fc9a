/** The units that settings are counted in here. */
export type Unit = "MB" | "s" | "min" | "days";

const BYTES: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
};
const IN: Readonly<Record<Unit, number>> = { MB: BYTES.m ?? 1, s: 1, min: 60, days: 86_400 };

/**
 * Reads a number as `doveconf` prints it: `20`, `128 M`, `2 G`, `30 secs`, `1 hours` (2.3) or as it was written
 * (2.4). Undefined where it is no whole number of the unit, or none at all (`unlimited`, the largest number there
 * is).
 */
export function amountIn(raw: string, unit: Unit | undefined): number | undefined {
  const [, digits, suffix = ""] = /^(\d+)\s*([A-Za-z]*)$/.exec(raw.trim()) ?? [];
  if (digits === undefined) return undefined;
  const scale = scaleOf(suffix.toLowerCase(), unit);
  if (scale === undefined) return undefined;
  const amount = (Number(digits) * scale) / (unit ? IN[unit] : 1);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

function scaleOf(suffix: string, unit: Unit | undefined): number | undefined {
  if (suffix === "") return 1;
  if (unit === undefined) return undefined;
  if (unit === "MB") return BYTES[suffix.replace(/(?:i?b)$/, "") || "b"];
  return SECONDS[suffix] ?? SECONDS[suffix.replace(/s$/, "")];
}
