"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { type OwnAction, SaidForm } from "./said-form";

interface PasswordFormProps {
  shortestPassword: number;
  email: string;
  action: OwnAction;
}

export function PasswordForm({ shortestPassword, email, action }: PasswordFormProps) {
  return (
    <SaidForm action={action} label="New password" className="max-w-sm space-y-3">
      {(problemAt) => (
        <>
          {/* So that a password manager knows whose it is. */}
          <input type="hidden" name="username" value={email} autoComplete="username" />
          <Field
            id="current"
            name="current"
            type="password"
            label="Present password"
            autoComplete="current-password"
            required
            problem={problemAt("current")}
          />
          <Field
            id="new-password"
            name="password"
            type="password"
            label="New password"
            hint={`At least ${shortestPassword} characters.`}
            autoComplete="new-password"
            required
            minLength={shortestPassword}
            problem={problemAt("password")}
          />
          <Button look="quiet">Change the password</Button>
        </>
      )}
    </SaidForm>
  );
}
