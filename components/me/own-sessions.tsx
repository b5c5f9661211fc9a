import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { OwnSessionView } from "@/lib/core/operators/views";

interface OwnSessionsProps {
  sessions: readonly OwnSessionView[];
  now: string;
  end: PlainAction;
}

/** Where somebody is signed in, with a way to end it. */
export function OwnSessions({ sessions, now, end }: OwnSessionsProps) {
  return (
    <div className="space-y-3">
      <ul className="divide-y divide-line border-line border-y text-sm" aria-label="Your sessions">
        {sessions.map(({ id, isThis, address, agent, since, lastUsedAt, withSecondFactor }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2">
            <div className="min-w-0 flex-1 wrap-anywhere">
              <p>
                <span className="font-medium">{address ?? "Address unknown"}</span>
                {isThis ? " (this one)" : ""}: last used <TimeAgo at={lastUsedAt} now={now} />, begun{" "}
                <TimeAgo at={since} now={now} />
                {withSecondFactor ? ", with the second factor" : ""}
              </p>
              <p className="text-ink-soft">{agent ?? "Browser unknown"}</p>
            </div>
            {isThis ? null : (
              <ActionForm action={end} label={`End the session from ${address ?? "unknown"}`}>
                <input type="hidden" name="id" value={id} />
                <Button look="quiet" size="small">
                  End
                </Button>
              </ActionForm>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <ActionForm action={end} label="End all other sessions">
          <input type="hidden" name="id" value="others" />
          <Button look="quiet">End all other sessions</Button>
        </ActionForm>
      ) : null}
    </div>
  );
}
