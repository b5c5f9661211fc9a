"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface State {
  email: string;
  problem: string;
}

interface SignInFormProps {
  next: string;
  action: (before: State, form: FormData) => Promise<State>;
}

export function SignInForm({ next, action }: SignInFormProps) {
  const [state, submit, pending] = useActionState(action, { email: "", problem: "" });
  return (
    <form action={submit} className="space-y-4">
      <h1>Sign in</h1>
      <input type="hidden" name="next" value={next} />
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        required
        defaultValue={state.email}
      />
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        required
        problem={state.problem || undefined}
      />
      <Button disabled={pending} className="w-full">
        {pending ? "Signing in…" : "Sign in"}
      </Button>
      <p role="status" className="sr-only">
        {state.problem}
      </p>
    </form>
  );
}
