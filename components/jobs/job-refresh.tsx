"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Looks again every second while a job is at work; without JavaScript the page is loaded anew. */
export function JobRefresh({ everyMs }: { everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content="2" />
    </noscript>
  );
}
