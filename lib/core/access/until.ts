/** An end that a person wrote, in Unix seconds, or a sentence that says what is wrong with it. */
export type UntilRead = { ok: true; until: number } | { ok: false; message: string };

/** What is accepted, for help texts and errors. */
const UNTIL_FORMS =
  "2026-11-27T18:00Z, 2026-11-27 18:00, 2026-11-27, friday 18:00, tomorrow 09:00, +7d or +12h";

/**
 * Reads the end of a rule: ISO 8601, a date and time, a date (its first moment), a day of the week, `today` or `tomorrow`
 * with or without a time, or a span from now (`+7d`, `+1d12h`; a day is 24 hours). What names no zone is meant in `zone`
 * (IANA). `now` in Unix seconds; an end that isn't after it is refused.
 */
export function parseUntil(text: string, now: number, zone: string): UntilRead {
  const wish = text.trim().toLowerCase();
  const read = span(wish, now) ?? absolute(wish, zone) ?? weekday(wish, now, zone);
  if (read === undefined)
    return refused(`${JSON.stringify(text.slice(0, 80))} is no end. Write for instance ${UNTIL_FORMS}.`);
  if (read === "impossible") return refused(`There is no such day or time as ${JSON.stringify(text)}.`);
  if (read <= now) return refused(`${JSON.stringify(text)} is in the past.`);
  if (read >= LATEST) return refused(`${JSON.stringify(text)} is later than the year 9999.`);
  return { ok: true, until: Math.floor(read) };
}

type Read = number | "impossible" | undefined;

const LATEST = Date.UTC(10_000, 0, 1) / 1000;
const SECONDS = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 } as const;

function span(text: string, now: number): Read {
  if (!/^\+(?:\s*\d{1,9}\s*[wdhms])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)\s*([wdhms])/g)];
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS],
    now,
  );
}

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?`;
const ABSOLUTE = new RegExp(
  String.raw`^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:(?:t|\s+)${TIME}\s*(?<offset>z|utc|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$`,
);

function absolute(text: string, zone: string): Read {
  const groups = ABSOLUTE.exec(text)?.groups;
  if (!groups) return undefined;
  const wall = wallClock(groups, Number(groups.year), Number(groups.month), Number(groups.day));
  if (wall === undefined) return "impossible";
  if (groups.offset === undefined) return instantAt(wall, zone);
  const offset = offsetOf(groups.offset);
  return offset === undefined ? "impossible" : wall - offset;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const RELATIVE = new RegExp(String.raw`^(?<name>[a-z]{3,9})(?:\s+${TIME})?$`);

/** The next such moment: on a Friday morning `friday 18:00` is today, in the evening it is in a week. */
function weekday(text: string, now: number, zone: string): Read {
  const groups = RELATIVE.exec(text)?.groups;
  if (!groups) return undefined;
  const today = new Date((now + offsetAt(now, zone)) * 1000);
  const ahead = daysAhead(groups.name ?? "", today.getUTCDay());
  if (ahead === undefined) return undefined;
  const on = (days: number): Read => {
    const date = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days));
    const wall = wallClock(groups, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
    return wall === undefined ? "impossible" : instantAt(wall, zone);
  };
  const first = on(ahead.days);
  return ahead.everyWeek && typeof first === "number" && first <= now ? on(ahead.days + 7) : first;
}

function daysAhead(name: string, today: number): { days: number; everyWeek: boolean } | undefined {
  if (name === "today") return { days: 0, everyWeek: false };
  if (name === "tomorrow") return { days: 1, everyWeek: false };
  const day = DAYS.findIndex((known) => known === name || known.slice(0, 3) === name);
  return day < 0 ? undefined : { days: (day - today + 7) % 7, everyWeek: true };
}

/** Seconds that a clock on the wall shows, counted as if it hung in UTC; undefined where no clock shows that. */
function wallClock(
  { hour = "0", minute = "0", second = "0" }: Record<string, string | undefined>,
  year: number,
  month: number,
  day: number,
): number | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isTime = m < 60 && s < 60 && (h < 24 || (h === 24 && m === 0 && s === 0));
  return isDay && isTime ? date.getTime() / 1000 + h * 3600 + m * 60 + s : undefined;
}

function offsetOf(text: string): number | undefined {
  if (text === "z" || text === "utc") return 0;
  const [, sign, hours = "", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (Number(hours) * 3600 + Number(minutes) * 60) * (sign === "-" ? -1 : 1);
}

const HALF_DAY = 43_200;

/** Where clocks go back an hour comes twice: the first is meant. Where they go forward, what is left out counts on from before. */
function instantAt(wall: number, zone: string): number {
  const [before, after] = [offsetAt(wall - HALF_DAY, zone), offsetAt(wall + HALF_DAY, zone)];
  const meant = [wall - before, wall - after].find((at) => at + offsetAt(at, zone) === wall);
  return meant ?? wall - before;
}

/** Seconds that the zone is ahead of UTC at an instant. */
function offsetAt(at: number, zone: string): number {
  const parts = formatFor(zone).formatToParts(new Date(Math.floor(at) * 1000));
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const wall =
    Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) / 1000;
  return wall - Math.floor(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, format);
  return format;
}

function refused(message: string): UntilRead {
  return { ok: false, message };
}
