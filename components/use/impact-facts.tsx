import Link from "next/link";
import type { ImpactView } from "@/lib/core/views";

interface ImpactFactsProps {
  impacts: readonly ImpactView[];
}

/** Who would be shut out, with the way to each list and to the same as a file. */
export function ImpactFacts({ impacts }: ImpactFactsProps) {
  return impacts.map(({ what, sentences, lists, limits }) => (
    <div key={what} className="space-y-1 text-sm">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {limits.map((limit) => (
        <p key={limit} className="text-ink-soft">
          {limit}
        </p>
      ))}
      {lists.length > 0 ? (
        <ul className="flex flex-wrap gap-x-4">
          {lists.map(({ label, href, csv }) => (
            <li key={href}>
              <Link href={href} prefetch={false}>
                {label}
              </Link>{" "}
              <a href={csv} download="" aria-label={`${label} as CSV`}>
                (CSV)
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  ));
}
