import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";

interface FreezeListProps {
  windows: readonly {
    id: number;
    /** In words, with the zone. */
    from: string;
    until: string;
    isNow: boolean;
    author: string;
    reason: string;
  }[];
  /** Missing for those who may not. */
  remove: PlainAction | null;
}

/** Spans of time in which nothing reloads Dovecot. */
export function FreezeList({ windows, remove }: FreezeListProps) {
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {windows.map(({ id, from, until, isNow, author, reason }) => (
        <li key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-72 wrap-anywhere">
            <p className="font-medium">
              {isNow ? <span className="text-warn">Now, until {until}</span> : `From ${from} until ${until}`}
            </p>
            <p className="text-sm text-ink-soft">
              By {author}
              {reason ? `: “${reason}”` : ""}
            </p>
          </div>
          {remove ? (
            <ActionForm action={remove} label={`Freeze window until ${until}`}>
              <input type="hidden" name="id" value={id} />
              <Button look="quiet" size="small">
                {isNow ? "End it now" : "Remove"}
              </Button>
            </ActionForm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
