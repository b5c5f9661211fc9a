import Link from "next/link";

interface SpanChoiceProps {
  /** Links to the same page for a day, a week and a month. */
  spans: readonly { label: string; href: string; here: boolean }[];
}

/** How far back the charts of a page go. */
export function SpanChoice({ spans }: SpanChoiceProps) {
  return (
    <nav aria-label="Time that is shown">
      <ul className="flex gap-1 text-sm">
        {spans.map(({ label, href, here }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              scroll={false}
              aria-current={here ? "page" : undefined}
              className={`block rounded px-2 py-1 no-underline ${here ? "bg-raised font-medium text-ink" : "text-accent hover:bg-raised"}`}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
