"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface ConfirmFormProps {
  next: string;
  /** Else for the password. */
  asksForCode: boolean;
  action: (before: { problem: string }, form: FormData) => Promise<{ problem: string }>;
}

/** Asks somebody who is signed in to prove again who he is. */
export function ConfirmForm({ next, asksForCode, action }: ConfirmFormProps) {
  const [{ problem }, submit, pending] = useActionState(action, { problem: "" });
  return (
    <form action={submit} aria-label="Confirm that it is you" className="space-y-4">
      <input type="hidden" name="next" value={next} />
      {asksForCode ? (
        <Field
          id="proof"
          name="proof"
          label="Code"
          hint="The six digits that your app shows now, or one of your recovery codes."
          autoComplete="one-time-code"
          autoCapitalize="none"
          required
          problem={problem || undefined}
        />
      ) : (
        <Field
          id="proof"
          name="proof"
          type="password"
          label="Password"
          autoComplete="current-password"
          required
          problem={problem || undefined}
        />
      )}
      <Button disabled={pending} className="w-full">
        Confirm
      </Button>
      <p role="status" className="sr-only">
        {problem}
      </p>
    </form>
  );
}
