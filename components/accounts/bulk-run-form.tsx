"use client";

import { useActionState } from "react";
import { RANKS } from "@/components/access/suspend-form";
import type { PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";

interface BulkRunFormProps {
  action: PlainAction;
  /** The preview's own URL, which says what is to be done to whom. */
  query: string;
  /** How many there are; 0 where it isn't known. */
  counted: number;
  /** What the button says that it does. */
  submit: string;
  suspends: boolean;
}

/** Does what was previewed. What comes of it is told by the job's page. */
export function BulkRunForm({ action, query, counted, submit, suspends }: BulkRunFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  const typed = state.status === "idle" ? undefined : state.typed;
  const problem = (key: string) =>
    state.status === "invalid" ? state.problems.find((one) => one.key === key)?.message : undefined;
  return (
    <form action={send} aria-label="Do it" className="space-y-3">
      <input type="hidden" name="query" value={query} />
      <input type="hidden" name="counted" value={counted} />
      <fieldset key={state.at} disabled={pending} className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-3">
          <Field
            id="reason"
            name="reason"
            label="Reason"
            maxLength={500}
            autoComplete="off"
            defaultValue={typed?.reason ?? ""}
            problem={problem("reason")}
          />
          {suspends ? (
            <>
              <Field
                id="ticket"
                name="ticket"
                label="Ticket"
                maxLength={100}
                autoComplete="off"
                defaultValue={typed?.ticket ?? ""}
                problem={problem("ticket")}
              />
              <Select
                id="mayResume"
                name="mayResume"
                label="May be resumed by"
                defaultValue={typed?.mayResume ?? "administrator"}
                options={RANKS}
              />
            </>
          ) : null}
        </div>
        <Button disabled={pending}>{pending ? "At it…" : submit}</Button>
      </fieldset>
      <div role="status">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {state.status === "invalid" ? (
          <Notice tone="bad" title="Nothing was changed.">
            {state.problems.map(({ key, message }) => (
              <p key={key}>{message}</p>
            ))}
          </Notice>
        ) : null}
      </div>
    </form>
  );
}
