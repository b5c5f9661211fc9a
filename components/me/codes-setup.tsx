"use client";

import { useActionState } from "react";
import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Field } from "@/components/ui/field";
import type { EnrolmentView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";
import { RecoveryCodes } from "./recovery-codes";

interface Finished {
  codes: string[];
  problem: string;
}

interface CodesSetupProps {
  /** The secret while it is set up. */
  enrolment: EnrolmentView | null;
  isSetUp: boolean;
  start: PlainAction;
  finish: (before: ActionState<Finished>, form: FormData) => Promise<ActionState<Finished>>;
}

/** Sets up an app that makes codes: its secret, a first code as proof, and then the recovery codes, once. */
export function CodesSetup({ enrolment, isSetUp, start, finish }: CodesSetupProps) {
  const [state, submit, pending] = useActionState(finish, { status: "idle", at: 0 });
  if (state.status === "done" && state.result.codes.length > 0)
    return <RecoveryCodes codes={state.result.codes} />;
  if (isSetUp) return null;
  if (!enrolment)
    return (
      <ActionForm action={start} label="Set up an app">
        <Button>Set up an app for codes</Button>
      </ActionForm>
    );
  const problem =
    state.status === "failed" ? state.sentence : state.status === "done" ? state.result.problem : undefined;
  return (
    <section aria-label="Set up an app" className="space-y-4">
      <p>Read this picture with the app, or enter the secret there:</p>
      {/* It is in the page itself, and there is nothing to make smaller. */}
      {/* oxlint-disable-next-line next/no-img-element */}
      <img
        src={enrolment.picture}
        width={200}
        height={200}
        alt="QR code with the secret for the app"
        className="rounded border border-line bg-white"
      />
      <CopyText id="totp-secret" label="Secret" text={enrolment.secret} />
      <form action={submit} aria-label="First code" className="space-y-3">
        <Field
          id="code"
          name="code"
          label="Code"
          hint="The six digits that the app shows now."
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          problem={problem || undefined}
        />
        <Button disabled={pending}>Use this app</Button>
      </form>
      <ActionForm action={start} label="Start over">
        <Button look="quiet" size="small">
          Start over with another secret
        </Button>
      </ActionForm>
    </section>
  );
}
