import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const TONES = {
  good: { className: "border-good bg-good-ground", Icon: CircleCheck, iconClass: "text-good" },
  bad: { className: "border-bad bg-bad-ground", Icon: CircleAlert, iconClass: "text-bad" },
  warn: { className: "border-warn bg-warn-ground", Icon: TriangleAlert, iconClass: "text-warn" },
  plain: { className: "border-line-strong bg-raised", Icon: Info, iconClass: "text-ink-soft" },
} as const;

export type Tone = keyof typeof TONES;

/** What happened, what is still in force, and what to do: a title and its explanation. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  const { className, Icon, iconClass } = TONES[tone];
  return (
    <div className={`flex gap-3 rounded border-l-4 px-4 py-3 ${className}`}>
      <Icon className={`mt-0.5 size-5 shrink-0 ${iconClass}`} aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {children ? <div className="mt-1 space-y-1 text-sm">{children}</div> : null}
      </div>
    </div>
  );
}
