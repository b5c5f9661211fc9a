import Link from "next/link";
import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/ui/time-ago";

export interface ListingView {
  last: {
    source: string;
    actor: string;
    at: string;
    outcome: "running" | "complete" | "partial" | "failed";
    sentence: string;
    notes: readonly string[];
  } | null;
  /** A listing that was asked for and isn't done. */
  jobId: string | null;
}

interface ListingLineProps {
  listing: ListingView;
  /** Null for those who may not. */
  listNow: PlainAction | null;
  now: string;
}

/** Where the list comes from, and how old it is. */
export function ListingLine({ listing: { last, jobId }, listNow, now }: ListingLineProps) {
  return (
    <section aria-label="Listing" className="space-y-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p>
          {last ? (
            <>
              {last.outcome === "running" ? "Being listed since " : "Listed "}
              <TimeAgo at={last.at} now={now} /> by {last.actor}
              {last.source === "server" ? ", from the server itself" : `, from ${last.source}`}
              {last.outcome === "complete" ? `: ${last.sentence}` : "."}
            </>
          ) : (
            "The accounts were never listed yet."
          )}
        </p>
        {jobId ? (
          <Link href={`/jobs/${jobId}`} prefetch={false}>
            A listing is under way
          </Link>
        ) : listNow ? (
          <ActionForm action={listNow} label="List the accounts">
            <Button look="quiet" size="small">
              List now
            </Button>
          </ActionForm>
        ) : null}
      </div>
      {last && (last.outcome === "partial" || last.outcome === "failed") ? (
        <Notice
          tone={last.outcome === "failed" ? "bad" : "warn"}
          title={
            last.outcome === "failed"
              ? "The last listing failed. The accounts below are those of earlier ones."
              : `The last listing is not complete: ${last.sentence}`
          }
        >
          {last.notes.map((note) => (
            <p key={note} className="break-words">
              {note}
            </p>
          ))}
        </Notice>
      ) : null}
    </section>
  );
}
