import { CircleAlert, CircleCheck, CircleDashed, CircleMinus } from "lucide-react";
import type { PublishedView } from "@/lib/core/client-config/views";

const LOOKS = {
  "as-told": { Icon: CircleCheck, className: "text-good" },
  differs: { Icon: CircleAlert, className: "text-bad" },
  missing: { Icon: CircleMinus, className: "text-warn" },
  unknown: { Icon: CircleDashed, className: "text-ink-soft" },
} as const;

/** What DNS says: never by colour alone. */
export function PublishedMark({ state, sentence }: PublishedView) {
  const { Icon, className } = LOOKS[state];
  return (
    <span className={`inline-flex items-start gap-1 wrap-anywhere ${className}`}>
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      {sentence}
    </span>
  );
}
