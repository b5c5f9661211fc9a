"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { complaintsIn } from "@/components/ui/complaints";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";

interface UndoFormProps {
  number: number;
  action: (before: ActionState<ReviewAnswer>, form: FormData) => Promise<ActionState<ReviewAnswer>>;
  /** What taking it back would do to settings that nobody changed since, a sentence each. */
  sentences: readonly string[];
  /** Settings that a later revision changed again. */
  conflicts: readonly {
    key: string;
    label: string;
    before: string;
    made: string;
    now: string;
    by: { number: number; author: string };
  }[];
}

/** Takes a revision back: only what it changed. It is reviewed like any other change. */
export function UndoForm({ number, action, sentences, conflicts }: UndoFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  if (sentences.length === 0 && conflicts.length === 0)
    return <p className="text-sm text-ink-soft">Everything that it changed is as it was before.</p>;
  const problems = complaintsIn(state);
  return (
    <form action={submit} className="space-y-3">
      <input type="hidden" name="number" value={number} />
      {sentences.length > 0 ? (
        <p className="text-sm">It would: {sentences.join(", ")}. Nothing else is touched.</p>
      ) : null}
      {conflicts.length > 0 ? (
        <Notice tone="warn" title="Later revisions changed some of its settings again.">
          <ul className="list-disc pl-5">
            {conflicts.map(({ key, label, before, made, now, by }) => (
              <li key={key}>
                {label}: it was {before}, became {made}, and is {now} since{" "}
                <a href={`/mailserver/history/${by.number}`}>revision {by.number}</a> by {by.author}.
              </li>
            ))}
          </ul>
          <fieldset className="pt-1">
            <legend className="sr-only">What becomes of these</legend>
            <label className="flex items-center gap-2">
              <input type="radio" name="conflicts" value="leave" defaultChecked className="accent-accent" />
              Leave these as they are now
            </label>
            <label className="flex items-center gap-2">
              <input type="radio" name="conflicts" value="overwrite" className="accent-accent" />
              Take these back too
            </label>
          </fieldset>
        </Notice>
      ) : null}
      <div role="status" className="empty:hidden">
        {problems.map((problem) => (
          <Notice key={problem} tone="bad" title={problem} />
        ))}
      </div>
      <Button look="quiet" disabled={pending}>
        {pending ? "Checking…" : "Review the undo"}
      </Button>
    </form>
  );
}
