import { Notice } from "@/components/ui/notice";
import type { FieldProblem } from "@/lib/core/settings/schema";
import type { ActionState, SaveView } from "@/lib/core/views";
import { ApplyResult } from "./apply-result";
import { ConflictNotice } from "./conflict-notice";

interface FormAnswerProps {
  state: ActionState<SaveView>;
  problems: readonly FieldProblem[];
  /** Settings that have a field on the page. */
  labels: Readonly<Record<string, string>>;
}

/** What came of the last save. */
export function FormAnswer({ state, problems, labels }: FormAnswerProps) {
  if (state.status === "idle") return null;
  if (state.status === "failed") return <Notice tone="bad" title={state.sentence} />;
  if (state.status === "invalid") return <Refused problems={problems} labels={labels} />;
  switch (state.result.kind) {
    case "done":
      return <ApplyResult view={state.result.view} />;
    case "filled":
      return <p className="text-sm text-ink-soft">Only the form was changed. Nothing was saved.</p>;
    case "conflict":
      return <ConflictNotice conflict={state.result} />;
    case "needs-confirmation":
      return (
        <p className="text-sm text-warn">Nothing was saved yet: tick what is meant below, and save again.</p>
      );
    case "problems":
      return <Refused problems={problems} labels={labels} />;
  }
}

/** Every complaint, and the way to the field that it is about. */
function Refused({ problems, labels }: Omit<FormAnswerProps, "state">) {
  return (
    <Notice tone="bad" title="Nothing was saved or changed.">
      <ul className="list-disc pl-5">
        {problems.map(({ key, message }) => (
          <li key={`${key} ${message}`}>{key in labels ? <a href={`#row-${key}`}>{message}</a> : message}</li>
        ))}
      </ul>
    </Notice>
  );
}
