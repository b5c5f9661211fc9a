import Link from "next/link";
import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";

export interface ViewLink {
  name: string;
  href: string;
  here: boolean;
}

interface ViewBarProps {
  /** Those that everybody has. */
  common: readonly ViewLink[];
  own: readonly (ViewLink & { id: string })[];
  /** The list as it is now, to be saved. */
  query: string;
  save: PlainAction;
  remove: PlainAction;
}

/** Lists under a name: a few that everybody wants, and the operator's own. */
export function ViewBar({ common, own, query, save, remove }: ViewBarProps) {
  return (
    <nav aria-label="Views" className="flex flex-wrap items-center gap-x-1 gap-y-1 text-sm">
      <ul className="contents">
        {[...common, ...own].map(({ name, href, here }) => (
          <li key={href + name}>
            <Link
              href={href}
              prefetch={false}
              aria-current={here ? "page" : undefined}
              className={`block rounded px-2 py-1 no-underline ${here ? "bg-raised font-medium text-ink" : "text-accent hover:bg-raised"}`}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <details className="relative">
        <summary className="cursor-pointer rounded px-2 py-1 text-accent hover:bg-raised">
          Save or remove…
        </summary>
        <div className="absolute top-full left-0 z-20 w-72 space-y-3 rounded border border-line-strong bg-surface p-3 shadow-md max-sm:static max-sm:w-full">
          <ActionForm action={save} className="space-y-2" label="Save this view">
            <input type="hidden" name="query" value={query} />
            <label htmlFor="view-name" className="block font-medium">
              Save this list as
            </label>
            <input
              id="view-name"
              name="name"
              required
              maxLength={60}
              autoComplete="off"
              className="w-full rounded border border-line-strong bg-surface px-2 py-1"
            />
            <Button look="quiet" size="small">
              Save view
            </Button>
          </ActionForm>
          {own.length > 0 ? (
            <ul aria-label="Your views" className="space-y-1 border-line border-t pt-2">
              {own.map(({ id, name }) => (
                <li key={id} className="flex items-center justify-between gap-2">
                  <span className="truncate">{name}</span>
                  <ActionForm action={remove} label={`Remove ${name}`}>
                    <input type="hidden" name="id" value={id} />
                    <Button look="quiet" size="small" aria-label={`Remove the view ${name}`}>
                      Remove
                    </Button>
                  </ActionForm>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      </details>
    </nav>
  );
}
