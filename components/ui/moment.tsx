"use client";

import { useEffect, useState } from "react";

const TICK_MS = 1000;

/**
 * An instant in words, with the exact time and its zone on hover and in the accessible name. `now` is the server's
 * clock when it wrote the page; the browser only adds what has passed since, so that a wrong clock on one side
 * doesn't make a look seem older or newer than it is. Without JavaScript the words can't keep up: then the clock
 * time stands beside them.
 */
export function Moment({ at, now }: { at: string; now: string }) {
  const [passed, setPassed] = useState({ now, ms: 0 });
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setPassed({ now, ms: performance.now() - begun }), TICK_MS);
    return () => clearInterval(timer);
  }, [now]);
  const sinceWritten = passed.now === now ? passed.ms : 0;
  const exact = new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
  const words = ago(Date.parse(now) - Date.parse(at) + sinceWritten);
  return (
    <>
      <time dateTime={at} title={exact} suppressHydrationWarning>
        {words}
      </time>
      <noscript> ({new Date(at).toLocaleTimeString("en-GB", { timeStyle: "long" })})</noscript>
    </>
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
