"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface CodeFormProps {
  next: string;
  action: (before: { problem: string }, form: FormData) => Promise<{ problem: string }>;
}

/** The second step of signing in. */
export function CodeForm({ next, action }: CodeFormProps) {
  const [{ problem }, submit, pending] = useActionState(action, { problem: "" });
  return (
    <form action={submit} className="space-y-4">
      <h1>Second factor</h1>
      <input type="hidden" name="next" value={next} />
      <Field
        id="code"
        name="code"
        label="Code"
        hint="The six digits that your app shows now, or one of your recovery codes."
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required
        problem={problem || undefined}
      />
      <Button disabled={pending} className="w-full">
        Go on
      </Button>
      <p role="status" className="sr-only">
        {problem}
      </p>
    </form>
  );
}
