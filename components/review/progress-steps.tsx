import { Check, LoaderCircle } from "lucide-react";
import type { ProgressView } from "@/lib/core/views";

/** The steps of a change so far, read out as they come. */
export function ProgressSteps({ running, steps }: ProgressView) {
  return (
    <div role="log" aria-label="Progress" aria-live="polite">
      <ol className="space-y-0.5 text-sm">
        {steps.map(({ words, detail, afterMs }, index) => {
          const isNow = running && index === steps.length - 1;
          const Icon = isNow ? LoaderCircle : Check;
          return (
            <li
              key={`${afterMs} ${words} ${detail}`}
              className={`flex gap-2 ${detail ? "pl-6 text-ink-soft" : ""}`}
            >
              <Icon
                className={`mt-1 size-4 shrink-0 ${isNow ? "animate-spin text-accent" : "text-good"}`}
                aria-hidden="true"
              />
              <span className="grow">{detail || `${words}${isNow ? "…" : ""}`}</span>
              <span className="text-ink-soft">{(afterMs / 1000).toFixed(2)} s</span>
            </li>
          );
        })}
        {steps.length === 0 && running ? <li>Waiting for a change that is under way…</li> : null}
      </ol>
    </div>
  );
}
