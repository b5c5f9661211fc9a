"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { NewLinkView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";
import { LinkAnswer } from "./link-answer";

interface ResetFormProps {
  id: string;
  action: (before: ActionState<NewLinkView>, form: FormData) => Promise<ActionState<NewLinkView>>;
}

/** Makes a link by which somebody sets a new password. */
export function ResetForm({ id, action }: ResetFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  return (
    <form action={submit} aria-label="New password" className="space-y-3">
      <input type="hidden" name="id" value={id} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button look="quiet" disabled={pending}>
          Make a link for a new password
        </Button>
        <span className="text-ink-soft text-sm">For somebody who forgot it; the second factor stays.</span>
      </div>
      <LinkAnswer state={state} id="reset-link" />
    </form>
  );
}
