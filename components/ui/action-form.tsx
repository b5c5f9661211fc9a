"use client";

import { type ReactNode, useActionState } from "react";
import type { ActionState } from "@/lib/core/views";
import { complaintsIn } from "./complaints";

/** An action of which nothing is to be told when it goes well: the page shows it. */
export type PlainAction = (before: ActionState<null>, form: FormData) => Promise<ActionState<null>>;

interface ActionFormProps {
  action: PlainAction;
  label: string;
  className?: string;
  children: ReactNode;
}

/** A small form that only speaks up when it failed. */
export function ActionForm({ action, label, className, children }: ActionFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  return (
    <form action={send} aria-label={label} className={className}>
      <fieldset disabled={pending} className="contents">
        {children}
      </fieldset>
      <p role="status" className="text-sm text-bad empty:hidden">
        {complaintsIn(state).join(" ")}
      </p>
    </form>
  );
}
