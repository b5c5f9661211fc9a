"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import type { ActionState, NewTokenView } from "@/lib/core/views";

interface TokenFormProps {
  /** Of the operator: a token is for this at most. */
  role: "administrator" | "operator" | "reviewer";
  /** His own; null for all of the server. */
  domains: string | null;
  days: { usual: number; min: number; max: number };
  action: (before: ActionState<NewTokenView>, form: FormData) => Promise<ActionState<NewTokenView>>;
}

const ROLES = [
  { value: "administrator", label: "administrator" },
  { value: "operator", label: "operator: accounts and domains" },
  { value: "reviewer", label: "reviewer: reads" },
] as const;

/** Makes a token, and shows it this once. */
export function TokenForm({ role, domains, days, action }: TokenFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const problems =
    state.status === "invalid" ? state.problems : state.status === "done" ? state.result.problems : [];
  const made = state.status === "done" && state.result.secret !== "" ? state.result : undefined;
  const typed = state.status === "idle" || made ? {} : state.typed;
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  const roles = ROLES.slice(ROLES.findIndex(({ value }) => value === role));
  return (
    <div className="max-w-2xl space-y-4">
      {made ? (
        <div role="status" className="space-y-3">
          <Notice tone="good" title="Copy it now: it is shown this once and kept nowhere.">
            {made.sentence}
          </Notice>
          <CopyText key={made.secret} id="new-token" label="Token" text={made.secret} />
        </div>
      ) : null}
      <form key={state.at} action={submit} aria-label="Make a token" className="space-y-4">
        <Field
          id="token-name"
          name="name"
          label="Name"
          hint="What it is for, for instance: nightly report."
          maxLength={100}
          required
          defaultValue={typed.name ?? ""}
          problem={problem("name")}
        />
        <Select
          id="token-role"
          name="role"
          label="Role"
          options={roles}
          defaultValue={typed.role ?? role}
          problem={problem("role")}
        />
        <Field
          id="token-domains"
          name="domains"
          label="Domains"
          hint={
            domains === null
              ? "With spaces between; empty for all of the server. @ are accounts without a domain."
              : `With spaces between; empty for all of yours: ${domains}.`
          }
          defaultValue={typed.domains ?? ""}
          problem={problem("domains")}
        />
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="writes" defaultChecked={typed.writes === "on"} />
          It may change something; without this it only reads
        </label>
        <Field
          id="token-days"
          name="days"
          type="number"
          label="Good for so many days"
          min={days.min}
          max={days.max}
          required
          defaultValue={typed.days ?? days.usual}
          problem={problem("days")}
        />
        <Field
          id="token-password"
          name="password"
          type="password"
          label="Your password"
          hint="Once more: whoever sits at an open page shall not take a token with him."
          autoComplete="current-password"
          required
          problem={problem("password")}
        />
        <p role="status" className="text-sm text-bad empty:hidden">
          {state.status === "failed" ? state.sentence : null}
        </p>
        <Button disabled={pending}>Make a token</Button>
      </form>
    </div>
  );
}
