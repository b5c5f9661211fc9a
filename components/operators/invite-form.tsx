"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { NewLinkView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";
import { LinkAnswer } from "./link-answer";
import { ROLE_CHOICES } from "./words";

interface InviteFormProps {
  canMail: boolean;
  action: (before: ActionState<NewLinkView>, form: FormData) => Promise<ActionState<NewLinkView>>;
}

const DAYS = ["1", "3", "7", "14"].map((value) => ({
  value,
  label: value === "1" ? "1 day" : `${value} days`,
}));

/** Makes a one-time link by which somebody becomes an operator. */
export function InviteForm({ canMail, action }: InviteFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const isMade = state.status === "done" && state.result.url !== "";
  const typed = state.status === "idle" || isMade ? {} : state.typed;
  const problemAt = (key: string) =>
    state.status === "invalid" ? state.problems.find((problem) => problem.key === key)?.message : undefined;
  return (
    <form action={submit} aria-label="Invite somebody" className="max-w-2xl space-y-4">
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="off"
        required
        defaultValue={typed.email ?? ""}
        problem={problemAt("email")}
      />
      <Select
        key={`role ${state.at}`}
        id="role"
        name="role"
        label="Role"
        options={ROLE_CHOICES}
        defaultValue={typed.role ?? "reviewer"}
        problem={problemAt("role")}
      />
      <Field
        id="scope"
        name="scope"
        label="Domains"
        hint="That the operator is responsible for, with blanks between. Empty: the whole server."
        autoComplete="off"
        autoCapitalize="none"
        defaultValue={typed.scope ?? ""}
        problem={problemAt("scope")}
      />
      <Select
        key={`days ${state.at}`}
        id="days"
        name="days"
        label="Good for"
        options={DAYS}
        defaultValue={typed.days ?? "3"}
        problem={problemAt("days")}
      />
      {canMail ? (
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="mail" className="size-4 accent-accent" />
          Send the link by e-mail
        </label>
      ) : (
        <p className="text-ink-soft text-sm">
          No mail is sent: you get a link to pass on. With an SMTP server for alerts it could be mailed.
        </p>
      )}
      <Button disabled={pending}>Make the invitation</Button>
      <LinkAnswer state={state} id="invitation-link" />
    </form>
  );
}
