"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import type { NoteAnswer } from "@/lib/core/notes/note";
import type { ActionState } from "@/lib/core/views";

export type NoteAction = (
  before: ActionState<NoteAnswer>,
  form: FormData,
) => Promise<ActionState<NoteAnswer>>;

interface NoteFormProps {
  subject: string;
  name: string;
  /** In UTF-16 units. */
  longest: { text: number; ticket: number };
  action: NoteAction;
}

export function NoteForm({ subject, name, longest, action }: NoteFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  const isDone = state.status === "done" && state.result.problem === "";
  const typed = state.status === "idle" || isDone ? {} : state.typed;
  const problem = (key: string) =>
    state.status === "invalid" ? state.problems.find((one) => one.key === key)?.message : undefined;
  return (
    <form
      key={state.at}
      action={send}
      aria-label={`Write a note beside ${name}`}
      className="max-w-2xl space-y-3"
    >
      <input type="hidden" name="subject" value={subject} />
      <TextArea
        id="note-text"
        name="text"
        label="Note"
        hint="For whoever looks next. It changes no rule."
        rows={3}
        maxLength={longest.text}
        required
        defaultValue={typed.text ?? ""}
        problem={problem("text")}
      />
      <Field
        id="note-ticket"
        name="ticket"
        label="Ticket"
        hint="Its number elsewhere, if there is one."
        autoComplete="off"
        maxLength={longest.ticket}
        defaultValue={typed.ticket ?? ""}
        problem={problem("ticket")}
      />
      <p role="status" className="text-sm">
        {isDone ? "Noted." : <span className="text-bad">{noteComplaint(state)}</span>}
      </p>
      <Button look="quiet" disabled={pending}>
        Write the note
      </Button>
    </form>
  );
}

/** What an answer says against what was asked, besides what stands beside a field; empty where there is nothing. */
export function noteComplaint(state: ActionState<NoteAnswer>): string {
  if (state.status === "failed") return state.sentence;
  if (state.status === "done") return state.result.problem;
  return state.status === "invalid" && state.problems.every(({ key }) => key !== "text" && key !== "ticket")
    ? state.problems.map(({ message }) => message).join(" ")
    : "";
}
