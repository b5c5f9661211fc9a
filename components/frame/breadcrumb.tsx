import Link from "next/link";

export interface Crumb {
  label: string;
  href?: string;
}

/** WHM's manner: Home » Service Configuration » Mailserver Configuration. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="text-sm text-ink-soft">
      <ol className="flex flex-wrap gap-x-2">
        {crumbs.map((crumb, index) => (
          <li
            key={crumb.label}
            className="flex gap-x-2"
            aria-current={index === crumbs.length - 1 ? "page" : undefined}
          >
            {index > 0 ? <span aria-hidden="true">»</span> : null}
            {crumb.href ? <Link href={crumb.href}>{crumb.label}</Link> : <span>{crumb.label}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
