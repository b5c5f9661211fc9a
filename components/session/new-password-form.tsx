"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { NewPasswordState } from "@/lib/core/operators/views";

interface NewPasswordFormProps {
  /** From the link. */
  token: string;
  email: string;
  withName: boolean;
  shortestPassword: number;
  label: string;
  action: (before: NewPasswordState, form: FormData) => Promise<NewPasswordState>;
}

/** What somebody fills in who came by a one-time link. */
export function NewPasswordForm({
  token,
  email,
  withName,
  shortestPassword,
  label,
  action,
}: NewPasswordFormProps) {
  const [{ name, problems }, submit, pending] = useActionState(action, { name: "", problems: {} });
  return (
    <form action={submit} aria-label={label} className="space-y-4">
      <input type="hidden" name="token" value={token} />
      {/* So that a password manager knows whose it is. */}
      <input type="hidden" name="email" value={email} autoComplete="username" />
      {withName ? (
        <Field
          id="name"
          name="name"
          label="Name"
          hint="Others see it in the history."
          autoComplete="name"
          required
          defaultValue={name}
          problem={problems.name}
        />
      ) : null}
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        hint={`At least ${shortestPassword} characters.`}
        autoComplete="new-password"
        required
        minLength={shortestPassword}
        problem={problems.password}
      />
      <p role="status" className="text-bad text-sm empty:hidden">
        {problems.token}
      </p>
      <Button disabled={pending} className="w-full">
        {label}
      </Button>
    </form>
  );
}
