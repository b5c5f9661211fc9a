"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { OperatorView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";
import { type ActAnswer, ActSaid } from "./act-said";
import { ROLE_CHOICES } from "./words";

interface RoleFormProps {
  operator: OperatorView;
  action: (before: ActionState<ActAnswer>, form: FormData) => Promise<ActionState<ActAnswer>>;
}

/** What somebody may do, and for which domains. Fields begin anew with what is stored; what was answered stays. */
export function RoleForm({ operator, action }: RoleFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const typed = state.status === "invalid" || state.status === "failed" ? state.typed : {};
  const problemAt = (key: string) =>
    state.status === "invalid" ? state.problems.find((problem) => problem.key === key)?.message : undefined;
  return (
    <form action={submit} aria-label="Role and domains" className="max-w-2xl space-y-4">
      <h2>Role and domains</h2>
      <input type="hidden" name="id" value={operator.id} />
      <input type="hidden" name="was" value={operator.standing} />
      <Select
        key={`role ${state.at} ${operator.standing}`}
        id="role"
        name="role"
        label="Role"
        options={ROLE_CHOICES}
        defaultValue={typed.role ?? operator.role}
        problem={problemAt("role")}
      />
      <Field
        key={`scope ${state.at} ${operator.standing}`}
        id="scope"
        name="scope"
        label="Domains"
        hint="With blanks between. Empty: the whole server."
        autoComplete="off"
        autoCapitalize="none"
        defaultValue={typed.scope ?? operator.scope?.join(" ") ?? ""}
        problem={problemAt("scope")}
      />
      <Button disabled={pending}>Save role and domains</Button>
      <ActSaid state={state} />
    </form>
  );
}
