"use client";

import { useActionState } from "react";
import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ImportView } from "@/lib/core/access/views";
import type { ActionState } from "@/lib/core/views";
import { ImportFindings } from "./import-findings";

interface ImportFormProps {
  check: (before: ActionState<ImportView>, form: FormData) => Promise<ActionState<ImportView>>;
  importChecked: PlainAction;
}

/** A file is checked first, line by line; only what was checked can be imported. */
export function ImportForm({ check, importChecked }: ImportFormProps) {
  const [state, send, pending] = useActionState(check, { status: "idle", at: 0 });
  const found = state.status === "done" ? state.result : undefined;
  return (
    <div className="space-y-6">
      <form action={send} aria-label="File" className="space-y-3">
        <Field
          id="file"
          name="file"
          type="file"
          label="File (CSV or JSON)"
          hint="Up to 16 MB. Nothing is changed by checking it."
          accept=".csv,.json,text/csv,application/json"
          required
          problem={state.status === "invalid" ? state.problems[0]?.message : undefined}
        />
        <Button look={found?.id ? "quiet" : "primary"} disabled={pending}>
          {pending ? "Checking…" : "Check the file"}
        </Button>
      </form>
      <div role="status" className="space-y-4">
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {found ? <ImportFindings found={found} /> : null}
      </div>
      {found?.id ? (
        <ActionForm action={importChecked} label="Import" className="space-y-3">
          <input type="hidden" name="id" value={found.id} />
          <Field
            id="reason"
            name="reason"
            label="Reason"
            hint="For every line without a reason of its own."
            maxLength={500}
            autoComplete="off"
          />
          <Button>
            Import {found.changing.toLocaleString("en")} {found.changing === 1 ? "change" : "changes"}
          </Button>
        </ActionForm>
      ) : null}
    </div>
  );
}
