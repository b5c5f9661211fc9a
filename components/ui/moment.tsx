"use client";

import { useEffect, useState } from "react";

const TICK_MS = 1000;

/**
 * An instant in words, with the exact time and its zone on hover and in the accessible name. The server words it
 * in its own zone; in the browser it is the reader's, and the words keep up.
 */
export function Moment({ at, now }: { at: string; now: string }) {
  const [current, setCurrent] = useState<number>();
  useEffect(() => {
    const timer = setInterval(() => setCurrent(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const exact = new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
  const words = ago((current ?? Date.parse(now)) - Date.parse(at));
  return (
    <time dateTime={at} title={exact} aria-label={`${words}, ${exact}`} suppressHydrationWarning>
      {words}
    </time>
  );
}

const UNITS = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

function ago(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 2) return "just now";
  const { unit, seconds: size } = UNITS.find((candidate) => seconds >= candidate.seconds) ?? UNITS[3];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
