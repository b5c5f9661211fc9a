"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { ProgressView } from "@/lib/core/views";
import { ProgressSteps } from "./progress-steps";

interface LiveProgressProps {
  /** Where the steps are streamed from. */
  source: string;
  begun: ProgressView;
}

/** Steps as they come, from the server's own record: whoever opens the page meanwhile sees the same. */
export function LiveProgress({ source, begun }: LiveProgressProps) {
  const router = useRouter();
  const [view, setView] = useState(begun);
  useEffect(() => {
    const stream = new EventSource(source);
    stream.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const next = JSON.parse(data) as ProgressView;
      setView(next);
      if (next.running) return;
      stream.close();
      router.refresh();
    });
    return () => stream.close();
  }, [source, router]);
  return <ProgressSteps {...view} />;
}
