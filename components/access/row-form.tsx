"use client";

import { useActionState } from "react";
import { type AccessAction, AnswerWithUndo } from "./access-form";

interface RowFormProps {
  /** Buttons in rows belong to this form: a row can be gone when the answer comes, and the answer must not go with it. */
  id: string;
  action: AccessAction;
  undo: AccessAction;
  label: string;
  className?: string;
}

/** The form of many buttons, and the answer to the last one that was pressed. */
export function RowForm({ id, action, undo, label, className }: RowFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  return (
    <div className={className}>
      <form
        id={id}
        action={send}
        aria-label={label}
        // A second click would carry what was seen before the first one.
        onSubmit={(event) => {
          if (pending) event.preventDefault();
        }}
      />
      <AnswerWithUndo state={state} undo={undo} />
    </div>
  );
}
