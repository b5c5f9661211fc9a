import Link from "next/link";
import type { ReactNode } from "react";

interface PagerProps {
  previous: string | null;
  next: string | null;
  /** Of two on one page each has its own. */
  label: string;
  /** What is on the page, and of how many. */
  children: ReactNode;
}

/** Goes by the row before and after, so that a page in the middle of a million comes as quickly as the first. */
export function Pager({ label, previous, next, children }: PagerProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      {children}
      <span className="flex gap-3">
        {previous ? (
          <Link href={previous} prefetch={false} rel="prev" className="inline-block py-1">
            Previous
          </Link>
        ) : (
          <span className="py-1 text-ink-soft">Previous</span>
        )}
        {next ? (
          <Link href={next} prefetch={false} rel="next" className="inline-block py-1">
            Next
          </Link>
        ) : (
          <span className="py-1 text-ink-soft">Next</span>
        )}
      </span>
    </nav>
  );
}
