"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { OperatorView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";
import { type ActAnswer, ActSaid } from "./act-said";

interface ActFormProps {
  operator: OperatorView;
  action: (before: ActionState<ActAnswer>, form: FormData) => Promise<ActionState<ActAnswer>>;
}

/** What an administrator can do about somebody's access, a button each. */
export function ActForm({ operator, action }: ActFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const acts = actsFor(operator);
  return (
    <form action={submit} aria-label="Access" className="space-y-3">
      <input type="hidden" name="id" value={operator.id} />
      <ul className="space-y-3">
        {acts.map(({ act, label, effect }) => (
          <li key={act} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Button name="act" value={act} look="quiet" disabled={pending}>
              {label}
            </Button>
            <span className="text-ink-soft text-sm">{effect}</span>
          </li>
        ))}
      </ul>
      <ActSaid state={state} />
    </form>
  );
}

function actsFor({ isDisabled, sessions, hasCodes, passkeys }: OperatorView) {
  return [
    ...(sessions > 0
      ? [
          {
            act: "end-sessions",
            label: sessions === 1 ? "End 1 session" : `End ${sessions} sessions`,
            effect: "The operator has to sign in again.",
          },
        ]
      : []),
    ...(hasCodes || passkeys > 0
      ? [
          {
            act: "remove-second-factor",
            label: "Remove the second factor",
            effect: "For somebody who lost it: app, recovery codes and passkeys; sessions end.",
          },
        ]
      : []),
    isDisabled
      ? { act: "enable", label: "Enable", effect: "The operator can sign in again." }
      : { act: "disable", label: "Disable", effect: "No sign-in any more; open sessions end at once." },
    ...(isDisabled
      ? [{ act: "remove", label: "Remove for good", effect: "History and audit keep what was done." }]
      : []),
  ];
}
