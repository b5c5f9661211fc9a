import Link from "next/link";
import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";

interface WaitingTableProps {
  changes: readonly {
    id: string;
    state: "scheduled" | "failed" | "open";
    sentences: readonly string[];
    author: string;
    /** ISO 8601. */
    createdAt: string;
    /** When it is applied, in words. */
    applyAt: string | null;
  }[];
  now: string;
  /** Missing for those who may not. */
  settle: PlainAction | null;
}

/** Changes that are kept and not in force: those with a time first. */
export function WaitingTable({ changes, now, settle }: WaitingTableProps) {
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {changes.map(({ id, state, sentences, author, createdAt, applyAt }, at) => (
        <li key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-72 wrap-anywhere">
            <p className="font-medium">{applyAt ? `Is applied ${applyAt}` : STATES[state]}</p>
            <p>
              <Link href={`/mailserver/review/${id}`} prefetch={false}>
                {sentences.length > 0 ? sentences.join(", ") : "Nothing that isn't so already"}
              </Link>
            </p>
            <p className="text-sm text-ink-soft">
              By {author}, <Moment at={createdAt} now={now} />
            </p>
          </div>
          {settle ? (
            // Two may ask for the very same.
            <ActionForm action={settle} label={`Decide about no. ${at + 1}: ${sentences.join(", ") || id}`}>
              <input type="hidden" name="id" value={id} />
              <div className="flex flex-wrap gap-2">
                {state === "scheduled" ? (
                  <Button look="quiet" size="small" name="intent" value="unschedule">
                    Cancel its time
                  </Button>
                ) : null}
                <Button look="quiet" size="small" name="intent" value="discard">
                  Discard
                </Button>
              </div>
            </ActionForm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

const STATES = {
  scheduled: "Is applied at a time",
  failed: "Could not be applied",
  open: "Waits for somebody’s decision",
} as const;
