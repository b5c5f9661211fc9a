const UNITS = [
  { unit: "day", short: "d", seconds: 86_400 },
  { unit: "hour", short: "h", seconds: 3600 },
  { unit: "minute", short: "min", seconds: 60 },
  { unit: "second", short: "s", seconds: 1 },
] as const;

/** How long ago something was, or how soon it will be where the milliseconds are negative. Short: for a table. */
export function timeWords(millisecondsAgo: number, isShort = false): string {
  const seconds = Math.round(Math.abs(millisecondsAgo) / 1000);
  const isAhead = millisecondsAgo < 0;
  if (seconds < 2) return isAhead ? "now" : "just now";
  const { unit, short, seconds: size } = UNITS.find((candidate) => seconds >= candidate.seconds) ?? UNITS[3];
  const count = Math.floor(seconds / size);
  const span = isShort ? `${count} ${short}` : `${count} ${unit}${count === 1 ? "" : "s"}`;
  return isAhead ? `in ${span}` : `${span} ago`;
}

/** The instant itself, with its zone. */
export function exactWords(iso: string): string {
  return EXACT.format(new Date(iso));
}

/** Made once: to make one costs more than to write a row of a table. */
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
