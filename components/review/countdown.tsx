"use client";

import { useEffect, useState } from "react";

/** How long until an instant, by the server's clock; read out by its exact time, not second by second. */
export function Countdown({ until, now, exact }: { until: string; now: string; exact: string }) {
  const [passed, setPassed] = useState({ now, ms: 0 });
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setPassed({ now, ms: performance.now() - begun }), 1000);
    return () => clearInterval(timer);
  }, [now]);
  const sinceWritten = passed.now === now ? passed.ms : 0;
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.parse(now) - sinceWritten) / 1000));
  return (
    <>
      <span aria-hidden="true">
        in {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}
      </span>{" "}
      (at {exact}).
    </>
  );
}
