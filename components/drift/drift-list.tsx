"use client";

import { useActionState } from "react";
import { FileDiff } from "@/components/revisions/file-diff";
import { Button } from "@/components/ui/button";
import { complaintsIn } from "@/components/ui/complaints";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";

interface DriftListProps {
  drift: readonly {
    key: string;
    kind: string;
    severity: "alarm" | "warning";
    sentence: string;
    diff: string;
    /** ISO 8601. */
    since: string;
    leftBy: string | null;
  }[];
  now: string;
  /** What putting the files back does to people who are connected. */
  consequence: string;
  settle: (before: ActionState<ReviewAnswer>, form: FormData) => Promise<ActionState<ReviewAnswer>>;
}

/** Where files can be put back, and where what was written can become settings. */
const RESTORABLE = ["edited", "removed", "unreadable", "replaced", "other-config", "ports", "access-lookup"];

/** Everything that is otherwise than Portcullis left it, since when, and the ways on. Nothing is overwritten silently. */
export function DriftList({ drift, now, consequence, settle }: DriftListProps) {
  const [state, submit, pending] = useActionState(settle, { status: "idle", at: 0 });
  const problems = complaintsIn(state);
  return (
    <div className="space-y-4">
      <div role="status" className="space-y-2 empty:hidden">
        {problems.map((problem) => (
          <Notice key={problem} tone="bad" title={problem} />
        ))}
      </div>
      {drift.map(({ key, kind, severity, sentence, diff, since, leftBy }) => (
        <section key={key} aria-label={sentence} className="space-y-2">
          <Notice tone={leftBy ? "plain" : severity === "alarm" ? "bad" : "warn"} title={sentence}>
            <p>
              Seen first <Moment at={since} now={now} />.{leftBy ? ` Left as it is by ${leftBy}.` : ""}
            </p>
            <form action={submit} className="flex flex-wrap items-center gap-2 pt-1">
              <input type="hidden" name="key" value={key} />
              {RESTORABLE.includes(kind) ? (
                <Button look="quiet" name="intent" value="restore" disabled={pending}>
                  Restore
                </Button>
              ) : null}
              {kind === "edited" || kind === "overridden" ? (
                <Button look="quiet" name="intent" value="adopt" disabled={pending}>
                  Adopt into the settings
                </Button>
              ) : null}
              {leftBy ? null : (
                <Button look="quiet" name="intent" value="leave" disabled={pending}>
                  Leave it
                </Button>
              )}
            </form>
            {RESTORABLE.includes(kind) ? <p>Restoring may need a reload. {consequence}</p> : null}
          </Notice>
          {diff ? <FileDiff diff={diff} label={`What differs: ${sentence}`} /> : null}
        </section>
      ))}
    </div>
  );
}
