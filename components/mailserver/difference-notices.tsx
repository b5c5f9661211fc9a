"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ApplyView } from "@/lib/core/views";
import { ApplyResult } from "./apply-result";

interface DifferenceNoticesProps {
  /** What is wanted and not so, a sentence each. Empty when everything is as wanted. */
  differences: readonly string[];
  /** The generated file isn't what was last applied: applying replaces it. */
  edited: boolean;
  /** What was changed in it, in unified form. */
  edit: string | null;
  /** What applying does to people who are connected. */
  consequence: string;
  apply: (before: ActionState<ApplyView>, form: FormData) => Promise<ActionState<ApplyView>>;
}

/** Where wanted, in force and seen differ, and the button that brings them together. */
export function DifferenceNotices({ differences, edited, edit, consequence, apply }: DifferenceNoticesProps) {
  const [state, submit, pending] = useActionState(apply, { status: "idle", at: 0 });
  return (
    <>
      {differences.length > 0 ? (
        <Notice tone="bad" title="What is in force differs from what is wanted.">
          <ul className="list-disc pl-5">
            {differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
          {edit ? (
            <details>
              <summary className="cursor-pointer py-1">What was edited</summary>
              <pre
                className="mt-1 overflow-x-auto rounded border border-line bg-surface p-2 text-xs"
                tabIndex={0}
              >
                {edit}
              </pre>
            </details>
          ) : null}
          <form action={submit} className="space-y-2 pt-2">
            {edited ? <input type="hidden" name="replaceEdited" value="on" /> : null}
            <p>Applying may need a reload. {consequence}</p>
            <Button look="quiet" disabled={pending}>
              {pending ? "Applying…" : edited ? "Put the wanted file back and apply" : "Apply what is wanted"}
            </Button>
          </form>
        </Notice>
      ) : null}
      <div role="status">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {state.status === "done" ? <ApplyResult view={state.result} /> : null}
      </div>
    </>
  );
}
