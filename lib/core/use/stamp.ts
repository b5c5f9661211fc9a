/** When a line was written, as far as it says so itself. */
export type Stamp =
  /** Milliseconds since 1970. */
  | { kind: "instant"; atMs: number }
  /** In the machine's own zone; syslog's traditional form leaves the year out. */
  | {
      kind: "local";
      year: number | undefined;
      month: number;
      day: number;
      time: readonly [number, number, number];
    };

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Traditional (`Nov  5 17:12:07`), ISO 8601 with or without a zone, and seconds since 1970, each at the start of a line. */
export const STAMP_PATTERN = String.raw`(?<stamp>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?|\d{10}(?:\.\d{1,9})?)`;

export function stampOf(text: string): Stamp | undefined {
  const traditional = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/.exec(text);
  if (traditional) {
    const [, name = "", day, hour, minute, second] = traditional;
    const month = MONTHS.indexOf(name) + 1;
    return month === 0
      ? undefined
      : local(undefined, month, Number(day), [Number(hour), Number(minute), Number(second)]);
  }
  if (/^\d{10}(?:\.\d+)?$/.test(text)) return { kind: "instant", atMs: Number(text) * 1000 };
  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!iso) return undefined;
  const [, year, month, day, hour, minute, second, zone] = iso.map(String);
  if (iso[7] === undefined)
    return local(Number(year), Number(month), Number(day), [Number(hour), Number(minute), Number(second)]);
  const offset = zone === "Z" || /:/.test(zone ?? "") ? zone : `${zone?.slice(0, 3)}:${zone?.slice(3)}`;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(atMs) ? undefined : { kind: "instant", atMs };
}

function local(
  year: number | undefined,
  month: number,
  day: number,
  time: readonly [number, number, number],
): Stamp | undefined {
  const [hour, minute, second] = time;
  const isSound =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 61;
  return isSound ? { kind: "local", year, month, day, time } : undefined;
}
