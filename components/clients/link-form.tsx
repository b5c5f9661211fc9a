"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { complaintsIn } from "@/components/ui/complaints";
import { CopyText } from "@/components/ui/copy-text";
import type { LinkView } from "@/lib/core/client-config/views";
import type { ActionState } from "@/lib/core/views";

interface LinkFormProps {
  address: string;
  action: (before: ActionState<LinkView>, form: FormData) => Promise<ActionState<LinkView>>;
}

/** Makes a link by which the owner of an account sees how to set a mail program up. */
export function LinkForm({ address, action }: LinkFormProps) {
  const [state, send, pending] = useActionState(action, { status: "idle", at: 0 });
  const link = state.status === "done" && state.result.url !== "" ? state.result : undefined;
  return (
    <form action={send} aria-label="Link to the account’s set-up" className="space-y-3">
      <input type="hidden" name="address" value={address} />
      <Button look="quiet" disabled={pending}>
        Make a link
      </Button>
      <div role="status" className="space-y-2 text-sm empty:hidden">
        {complaintsIn(state).map((complaint) => (
          <p key={complaint} className="text-bad">
            {complaint}
          </p>
        ))}
        {link ? <p>{link.sentence}</p> : null}
      </div>
      {link ? <CopyText key={link.url} id="client-link" label="Link" text={link.url} /> : null}
    </form>
  );
}
