"use client";

import { type ReactNode, useActionState } from "react";
import type { ActionState } from "@/lib/core/views";

export type EndAction = (
  before: ActionState<{ sentence: string }>,
  form: FormData,
) => Promise<ActionState<{ sentence: string }>>;

interface EndFormProps {
  end: EndAction;
  label: string;
  children: ReactNode;
}

/** Buttons that end sessions, and how many the last one ended. */
export function EndForm({ end, label, children }: EndFormProps) {
  const [state, send, pending] = useActionState(end, { status: "idle", at: 0 });
  return (
    <form action={send} aria-label={label} className="space-y-2">
      <fieldset disabled={pending} className="contents">
        {children}
      </fieldset>
      <p role="status" className={`text-sm empty:hidden ${state.status === "done" ? "" : "text-bad"}`}>
        {answerOf(state)}
      </p>
    </form>
  );
}

function answerOf(state: ActionState<{ sentence: string }>): string {
  switch (state.status) {
    case "idle":
      return "";
    case "invalid":
      return state.problems.map(({ message }) => message).join(" ");
    case "failed":
      return state.sentence;
    case "done":
      return state.result.sentence;
  }
}
