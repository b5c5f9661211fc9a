import { CircleAlert, CircleCheck, CircleMinus, Undo2 } from "lucide-react";

const LOOKS = {
  applied: { words: "Applied", Icon: CircleCheck, className: "text-good" },
  "rolled-back": { words: "Rolled back", Icon: Undo2, className: "text-bad" },
  rejected: { words: "Refused", Icon: CircleAlert, className: "text-bad" },
  stuck: { words: "Stuck", Icon: CircleAlert, className: "text-bad" },
} as const;

/** How the last attempt ended, by icon and word. */
export function OutcomeMark({ outcome }: { outcome: string | null }) {
  const look = outcome !== null && outcome in LOOKS ? LOOKS[outcome as keyof typeof LOOKS] : undefined;
  const { words, Icon, className } = look ?? {
    words: "Nothing to do",
    Icon: CircleMinus,
    className: "text-ink-soft",
  };
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap text-sm ${className}`}>
      <Icon className="size-4" aria-hidden="true" />
      {words}
    </span>
  );
}
