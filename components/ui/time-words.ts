const UNITS = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

/** How long ago something was, or how soon it will be where the milliseconds are negative. */
export function timeWords(millisecondsAgo: number): string {
  const seconds = Math.round(Math.abs(millisecondsAgo) / 1000);
  const isAhead = millisecondsAgo < 0;
  if (seconds < 2) return isAhead ? "now" : "just now";
  const { unit, seconds: size } = UNITS.find((candidate) => seconds >= candidate.seconds) ?? UNITS[3];
  const count = Math.floor(seconds / size);
  const span = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return isAhead ? `in ${span}` : `${span} ago`;
}

/** The instant itself, with its zone. */
export function exactWords(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
}
