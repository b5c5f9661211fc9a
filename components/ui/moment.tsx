"use client";

import { useEffect, useState } from "react";
import { exactWords, timeWords } from "./time-words";

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
  return (
    <>
      <time dateTime={at} title={exactWords(at)} suppressHydrationWarning>
        {timeWords(Date.parse(now) - Date.parse(at) + sinceWritten)}
      </time>
      <noscript> ({new Date(at).toLocaleTimeString("en-GB", { timeStyle: "long" })})</noscript>
    </>
  );
}
