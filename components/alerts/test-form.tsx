"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { ActionState, AlertTestView } from "@/lib/core/views";

export type TestAction = (
  before: ActionState<AlertTestView>,
  form: FormData,
) => Promise<ActionState<AlertTestView>>;

interface TestFormProps {
  channel: string;
  label: string;
  action: TestAction;
}

/** Sends a test, and says beside the button what came of it. */
export function TestForm({ channel, label, action }: TestFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  const result = state.status === "done" ? state.result : undefined;
  return (
    <form action={send} aria-label={`Test of ${label}`} className="space-y-2">
      <input type="hidden" name="channel" value={channel} />
      <Button look="quiet" disabled={pending}>
        {pending ? "Sending" : "Send a test"}
        <span className="sr-only"> by {label}</span>
      </Button>
      <p role="status" className="text-sm wrap-anywhere empty:hidden">
        {result ? (
          <span className={result.ok ? "text-good" : "text-bad"}>{result.sentence}</span>
        ) : state.status === "failed" ? (
          <span className="text-bad">{state.sentence}</span>
        ) : null}
      </p>
    </form>
  );
}
