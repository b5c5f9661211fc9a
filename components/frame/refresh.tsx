"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Looks again every so often while the page is in view, so that what it says of the daemon stays true. */
export function Refresh({ everyMs }: { everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}
