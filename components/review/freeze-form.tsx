"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";

interface FreezeFormProps {
  action: (before: ActionState<ReviewAnswer>, form: FormData) => Promise<ActionState<ReviewAnswer>>;
  timeZone: string;
}

/** Sets a span of time in which nothing may reload Dovecot. */
export function FreezeForm({ action, timeZone }: FreezeFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const problems =
    state.status === "invalid" ? state.problems : state.status === "done" ? state.result.problems : [];
  const typed =
    state.status !== "idle" && (state.status !== "done" || problems.length > 0) ? state.typed : {};
  const field = (key: "from" | "until" | "reason") => ({
    id: `freeze-${key}`,
    name: key,
    // A field that was answered with something else is another field.
    key: `${key} ${state.at}`,
    defaultValue: typed[key] ?? "",
    problem: problems.find((problem) => problem.key === key)?.message,
    autoComplete: "off",
  });
  const [from, until, reason] = [field("from"), field("until"), field("reason")];
  return (
    <form action={submit} aria-label="New freeze window" className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Field {...from} key={from.key} label="From" hint={`Empty: from now on. Zone ${timeZone}.`} />
        <Field {...until} key={until.key} label="Until" hint="For instance friday 18:00, or +4h from now." />
        <Field
          {...reason}
          key={reason.key}
          label="Reason"
          hint="Shown to whoever it stops."
          maxLength={500}
        />
      </div>
      <div role="status" className="empty:hidden">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
      </div>
      <Button look="quiet" disabled={pending}>
        Freeze
      </Button>
    </form>
  );
}
