import { TriangleAlert } from "lucide-react";
import type { ChangeWords } from "@/lib/core/settings/change-words";

/** Each changed setting as a sentence: from what to what, and why it matters. */
export function ChangeList({ changes }: { changes: readonly ChangeWords[] }) {
  if (changes.length === 0) return <p className="text-sm text-ink-soft">No setting differs.</p>;
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {changes.map(({ key, label, sentence, from, to, why, risk }) => (
        <li key={key} className="px-4 py-2.5">
          <p className="font-medium">{sentence}</p>
          <p className="text-sm [overflow-wrap:anywhere]">
            {label}: <del className="text-ink-soft">{from}</del> <span aria-hidden="true">→</span>{" "}
            <ins className="font-medium no-underline">{to}</ins>
          </p>
          <p className="text-sm text-ink-soft">
            {risk === "high" ? (
              <span className="mr-1 inline-flex items-center gap-1 align-bottom font-medium text-warn">
                <TriangleAlert className="size-3.5" aria-hidden="true" />
                Risky.
              </span>
            ) : null}
            {why}
          </p>
        </li>
      ))}
    </ul>
  );
}
