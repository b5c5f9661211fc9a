import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";

interface NeedsListProps {
  needs: readonly { severity: "alarm" | "warning"; sentence: string; href: string }[];
}

/** What needs a person, the worst first, each with the way to where it is mended. */
export function NeedsList({ needs }: NeedsListProps) {
  if (needs.length === 0)
    return (
      <p className="flex items-center gap-2">
        <CircleCheck className="size-5 text-good" aria-hidden="true" />
        Nothing: everything that is wanted is in force.
      </p>
    );
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {needs.map(({ severity, sentence, href }) => (
        <li key={`${href} ${sentence}`} className="flex items-start gap-3 px-4 py-3">
          {severity === "alarm" ? (
            <CircleAlert className="mt-0.5 size-5 shrink-0 text-bad" aria-label="Alarm:" />
          ) : (
            <TriangleAlert className="mt-0.5 size-5 shrink-0 text-warn" aria-label="Warning:" />
          )}
          <Link href={href} prefetch={false} className="min-w-0 wrap-anywhere">
            {sentence}
          </Link>
        </li>
      ))}
    </ul>
  );
}
