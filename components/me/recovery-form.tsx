"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { ActionState } from "@/lib/core/views";
import { RecoveryCodes } from "./recovery-codes";

interface Answer {
  codes: string[];
}

interface RecoveryFormProps {
  action: (before: ActionState<Answer>, form: FormData) => Promise<ActionState<Answer>>;
}

/** Makes new recovery codes, and shows them once. */
export function RecoveryForm({ action }: RecoveryFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  if (state.status === "done" && state.result.codes.length > 0)
    return <RecoveryCodes codes={state.result.codes} />;
  return (
    <form action={submit} aria-label="New recovery codes" className="space-y-2">
      <Button look="quiet" disabled={pending}>
        Make new recovery codes
      </Button>
      <p role="status" className="text-bad text-sm empty:hidden">
        {state.status === "failed" ? state.sentence : ""}
      </p>
    </form>
  );
}
