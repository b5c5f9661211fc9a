"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";
import { LiveProgress } from "./live-progress";

interface ReviewFormProps {
  id: string;
  action: (before: ActionState<ReviewAnswer>, form: FormData) => Promise<ActionState<ReviewAnswer>>;
  /** It is in the timetable; when, in words. */
  scheduled: string | null;
  /** Somebody should say afterwards that mail still works: proposed where the change is risky. */
  keep: { proposed: boolean; seconds: number; min: number; max: number };
  /** Warnings that came since and need a word. */
  warnings: readonly string[];
  /** Why nothing may reload now. */
  frozen: string | null;
  /** Somebody saved the same settings in between. */
  conflict: boolean;
  timeZone: string;
}

/** What becomes of a change that was looked at: now, at a time, or not at all. */
export function ReviewForm(props: ReviewFormProps) {
  const { id, keep, scheduled, warnings, frozen, conflict, timeZone } = props;
  const [state, submit, pending] = useActionState(props.action, { status: "idle", at: 0 });
  const [intent, setIntent] = useState("");
  const problems =
    state.status === "invalid" ? state.problems : state.status === "done" ? state.result.problems : [];
  const typed = state.status === "invalid" || state.status === "failed" ? state.typed : undefined;
  const problemAt = (key: string) => problems.find((problem) => problem.key === key)?.message;
  return (
    <form
      action={submit}
      onSubmit={(event) => setIntent(intentOf(event.nativeEvent))}
      className="space-y-4 rounded border border-line bg-surface px-4 py-4"
    >
      <input type="hidden" name="id" value={id} />
      <div role="status" className="space-y-2 empty:hidden">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {problems.length > 0 ? (
          <Notice tone="bad" title={problems.map(({ message }) => message).join(" ")} />
        ) : null}
      </div>
      {pending && intent === "apply" ? (
        <LiveProgress source={`/mailserver/review/${id}/steps`} begun={{ running: true, steps: [] }} />
      ) : null}
      {warnings.length > 0 ? (
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            name="acceptWarnings"
            value={JSON.stringify(warnings)}
            className="mt-1 size-4 accent-accent"
          />
          <span>Weak, but it can be done: {warnings.join(" ")}</span>
        </label>
      ) : null}
      {frozen ? (
        <Notice tone="warn" title={frozen}>
          <label className="flex items-center gap-2">
            <input type="checkbox" name="duringFreeze" className="size-4 accent-accent" />
            Reload all the same
          </label>
        </Notice>
      ) : null}
      <fieldset className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <legend className="sr-only">Confirmation</legend>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            name="keep"
            defaultChecked={typed ? typed.keep === "on" : keep.proposed}
            className="size-4 accent-accent"
          />
          Go back by itself unless somebody confirms within
        </label>
        <span className="flex items-center gap-1">
          <input
            name="keepWithin"
            inputMode="numeric"
            aria-label="Seconds to confirm"
            defaultValue={typed?.keepWithin ?? keep.seconds}
            className="w-16 rounded border border-line-strong bg-surface px-2 py-0.5"
          />
          seconds that mail still works.
        </span>
      </fieldset>
      <div className="flex flex-wrap items-center gap-2">
        {conflict ? (
          <Intent value="rebase" look="primary" pending={pending}>
            Put it on top of theirs
          </Intent>
        ) : (
          <Intent value="apply" look="primary" pending={pending}>
            {pending && intent === "apply" ? "Applying…" : "Apply now"}
          </Intent>
        )}
        <Intent value="discard" look="quiet" pending={pending}>
          Discard
        </Intent>
        {scheduled ? (
          <Intent value="unschedule" look="quiet" pending={pending}>
            Cancel the timetable
          </Intent>
        ) : null}
      </div>
      {scheduled || conflict ? null : (
        <div className="flex flex-wrap items-end gap-2 border-line border-t pt-3">
          <div className="w-72 max-w-full">
            <Field
              id="applyAt"
              name="applyAt"
              label="Or apply at"
              hint={`For instance tomorrow 03:00, or +2h. In the zone ${timeZone}.`}
              autoComplete="off"
              defaultValue={typed?.applyAt ?? ""}
              problem={problemAt("applyAt")}
            />
          </div>
          <Intent value="schedule" look="quiet" pending={pending}>
            Apply at that time
          </Intent>
        </div>
      )}
    </form>
  );
}

function intentOf(event: Event): string {
  return event instanceof SubmitEvent && event.submitter instanceof HTMLButtonElement
    ? event.submitter.value
    : "";
}

interface IntentProps {
  value: string;
  look: "primary" | "quiet";
  pending: boolean;
  children: string;
}

function Intent({ value, look, pending, children }: IntentProps) {
  return (
    <Button type="submit" name="intent" value={value} look={look} disabled={pending}>
      {children}
    </Button>
  );
}
