"use client";

import { type ReactNode, useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { AccessAnswer } from "@/lib/core/access/views";
import type { ActionState } from "@/lib/core/views";
import { Answer } from "./answer";
import { FormStateContext } from "./form-state";

export type AccessAction = (
  before: ActionState<AccessAnswer>,
  form: FormData,
) => Promise<ActionState<AccessAnswer>>;

const IDLE: ActionState<AccessAnswer> = { status: "idle", at: 0 };

interface AccessFormProps {
  action: AccessAction;
  undo: AccessAction;
  /** Facts of the form that nobody types. */
  hidden: Readonly<Record<string, string>>;
  /** The rule as the person sees it: where it is another by then, the answer is a conflict. */
  seen?: string;
  label: string;
  submit: string;
  look?: "primary" | "quiet";
  disabled?: boolean;
  children?: ReactNode;
}

/** A form for one act upon rules: its fields, its answer beside it, and taking it back. */
export function AccessForm({
  action,
  undo,
  hidden,
  seen,
  label,
  submit,
  look,
  disabled,
  children,
}: AccessFormProps) {
  const [state, send, pending] = useActionState(action, IDLE);
  // A rule that others change while the form is open must end in a conflict, not be adopted.
  const [opened, setOpened] = useState({ at: state.at, seen });
  if (opened.at !== state.at) setOpened({ at: state.at, seen });
  const isDone = state.status === "done" && state.result.kind === "done";
  const typed = state.status === "idle" || isDone ? undefined : state.typed;
  return (
    <div className="space-y-2">
      <form action={send} aria-label={label}>
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {opened.seen === undefined ? null : <input type="hidden" name="seen" value={opened.seen} />}
        <FormStateContext value={{ problems: state.status === "invalid" ? state.problems : [], typed }}>
          <fieldset key={state.at} disabled={pending} className="space-y-3">
            {children}
            <Button look={look ?? "quiet"} disabled={pending || disabled}>
              {pending ? "At it…" : submit}
            </Button>
          </fieldset>
        </FormStateContext>
      </form>
      <AnswerWithUndo state={state} undo={undo} takesFocus />
    </div>
  );
}

interface AnswerWithUndoProps {
  state: ActionState<AccessAnswer>;
  undo: AccessAction;
  /** Where the fields are made anew with each answer, so that the focus would be lost. */
  takesFocus?: boolean;
}

/** The answer, with a button that takes back what was done; then the answer to that. */
export function AnswerWithUndo({ state, undo, takesFocus = false }: AnswerWithUndoProps) {
  const [undone, takeBack, undoing] = useActionState(undo, IDLE);
  const latest = undone.at > state.at ? undone : state;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus && latest.at > 0) place.current?.focus();
  }, [takesFocus, latest.at]);
  const changeId = latest.status === "done" && latest.result.kind === "done" ? latest.result.changeId : null;
  return (
    <div role="status" ref={place} tabIndex={-1} className="space-y-2">
      <StateOf state={latest} />
      {changeId === null ? null : (
        <form action={takeBack} className="flex flex-wrap items-center gap-3" aria-label="Take it back">
          <input type="hidden" name="changeId" value={changeId} />
          <Button look="quiet" size="small" disabled={undoing}>
            {undoing ? "Taking it back…" : "Undo"}
          </Button>
          <a href={`/changes/${changeId}`} className="text-sm">
            Change {changeId}
          </a>
        </form>
      )}
    </div>
  );
}

function StateOf({ state }: { state: ActionState<AccessAnswer> }) {
  switch (state.status) {
    case "idle":
      return null;
    case "failed":
      return <Notice tone="bad" title={state.sentence} />;
    case "invalid":
      return (
        <Notice tone="bad" title="Nothing was changed.">
          {state.problems.map(({ key, message }) => (
            <p key={key + message}>{message}</p>
          ))}
        </Notice>
      );
    case "done":
      return <Answer answer={state.result} />;
  }
}
