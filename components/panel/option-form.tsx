"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ActionState, OptionAnswer, OptionView } from "@/lib/core/views";
import { OptionField } from "./option-field";

interface OptionFormProps {
  group: string;
  version: number;
  options: readonly OptionView[];
  action: (before: ActionState<OptionAnswer>, form: FormData) => Promise<ActionState<OptionAnswer>>;
}

/** The panel's own settings of one kind; what was typed and refused stays to be mended. */
export function OptionForm({ group, version, options, action }: OptionFormProps) {
  const [state, submit, pending] = useActionState(action, { status: "idle", at: 0 });
  const problems =
    state.status === "invalid" ? state.problems : state.status === "done" ? state.result.problems : [];
  const isRefused = state.status === "failed" || problems.length > 0;
  const typed = isRefused && state.status !== "idle" ? state.typed : undefined;
  return (
    <form action={submit} aria-label="Panel settings" className="max-w-2xl space-y-4">
      <input type="hidden" name="group" value={group} />
      <input type="hidden" name="version" value={version} />
      {options.map((option) => (
        <OptionField
          // What was saved or refused is shown anew.
          key={`${option.key} ${state.at} ${version}`}
          option={option}
          typed={typed && (typed[option.key] ?? "")}
          problem={problems.find(({ key }) => key === option.key)?.message}
        />
      ))}
      <div role="status" className="empty:hidden">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {problems.length > 0 ? (
          <Notice tone="bad" title="Nothing was saved: see the fields.">
            {options.some(({ type }) => type === "secret")
              ? "Secrets that were typed must be typed again."
              : null}
          </Notice>
        ) : null}
        {state.status === "done" && state.result.notice !== "" ? (
          <Notice tone="plain" title={state.result.notice} />
        ) : null}
      </div>
      <Button disabled={pending}>Save</Button>
    </form>
  );
}
