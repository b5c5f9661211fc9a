"use client";

import { type ReactNode, useActionState } from "react";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";

export interface OwnAnswer extends ReviewAnswer {
  sentences: string[];
}

export type OwnAction = (before: ActionState<OwnAnswer>, form: FormData) => Promise<ActionState<OwnAnswer>>;

interface SaidFormProps {
  action: OwnAction;
  label: string;
  className?: string;
  /** The fields; what is wrong with one of them is asked of `problemAt`. */
  children: ReactNode | ((problemAt: (key: string) => string | undefined, at: number) => ReactNode);
}

/** A form of one's own page that says what came of it. */
export function SaidForm({ action, label, className = "space-y-3", children }: SaidFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const problems =
    state.status === "invalid" ? state.problems : state.status === "done" ? state.result.problems : [];
  const hasFields = typeof children === "function";
  const problemAt = (key: string) => problems.find((problem) => problem.key === key)?.message;
  const said = [
    ...(state.status === "failed" ? [state.sentence] : []),
    ...(hasFields ? [] : problems.map(({ message }) => message)),
    ...(state.status === "done" ? state.result.sentences : []),
  ];
  return (
    <form action={submit} aria-label={label} className="space-y-3">
      <fieldset disabled={pending} className={className}>
        {hasFields ? children(problemAt, state.at) : children}
      </fieldset>
      <div role="status" className="text-sm empty:hidden">
        {said.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </form>
  );
}
