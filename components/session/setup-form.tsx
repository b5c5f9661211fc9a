"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface State {
  email: string;
  name: string;
  problems: Partial<Record<"email" | "name" | "password" | "token", string>>;
}

interface SetupFormProps {
  /** From the link; empty when the person has to enter it. */
  token: string;
  shortestPassword: number;
  action: (before: State, form: FormData) => Promise<State>;
}

export function SetupForm({ token, shortestPassword, action }: SetupFormProps) {
  const [{ email, name, problems }, submit, pending] = useActionState(action, {
    email: "",
    name: "",
    problems: {},
  });
  return (
    <form action={submit} className="space-y-4">
      <div>
        <h1>Make the first administrator</h1>
        <p className="text-ink-soft">
          The link works once. Everything that is changed here later carries this name.
        </p>
      </div>
      {token && !problems.token ? (
        <input type="hidden" name="token" value={token} />
      ) : (
        <Field
          id="token"
          name="token"
          label="Set-up token"
          hint="Printed by npm start, where Portcullis was started."
          required
          autoComplete="off"
          problem={problems.token}
        />
      )}
      <Field
        id="name"
        name="name"
        label="Name"
        autoComplete="name"
        required
        defaultValue={name}
        problem={problems.name}
      />
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        required
        defaultValue={email}
        problem={problems.email}
      />
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
      <Button disabled={pending} className="w-full">
        {pending ? "Setting up…" : "Make administrator and sign in"}
      </Button>
      <p role="status" className="sr-only">
        {Object.values(problems).join(" ")}
      </p>
    </form>
  );
}
