"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

export interface Destination {
  href: string;
  label: string;
}

/** The pages, in the operator's words; the one that is open is marked for eyes and for screen readers. */
export function Navigation({ destinations }: { destinations: readonly Destination[] }) {
  const path = usePathname();
  // A page of a page has an entry of its own: the longest that fits is the one that is open.
  const current = destinations
    .map(({ href }) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return (
    <nav aria-label="Pages">
      <ul className="flex flex-wrap gap-x-1 md:flex-col md:gap-y-1">
        {destinations.map(({ href, label }) => {
          const here = href === current;
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? "page" : undefined}
                className={`block rounded px-2 py-1.5 whitespace-nowrap no-underline ${here ? "bg-raised font-medium text-ink" : "text-ink-soft hover:bg-raised hover:text-ink"}`}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
