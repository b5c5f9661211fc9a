import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import Link from "next/link";

export interface SortView {
  /** The same list in this order, or in the other direction where it is in this order already. */
  href: string;
  direction: "ascending" | "descending" | "none";
}

const ICONS = { ascending: ArrowUp, descending: ArrowDown, none: ArrowUpDown } as const;

/** The head of a column by which the table can be sorted. */
export function SortLink({ sort: { href, direction }, children }: { sort: SortView; children: string }) {
  const Icon = ICONS[direction];
  return (
    <Link href={href} prefetch={false} className="inline-flex items-center gap-1 text-ink-soft no-underline">
      {children}
      <Icon className={`size-3.5 ${direction === "none" ? "opacity-50" : ""}`} aria-hidden="true" />
    </Link>
  );
}
