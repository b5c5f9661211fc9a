import type { ActionState, ReviewAnswer } from "@/lib/core/views";

export interface ActAnswer extends ReviewAnswer {
  sentences: string[];
}

/** What came of a change of an operator. Complaints about fields stand beside them. */
export function ActSaid({ state }: { state: ActionState<ActAnswer> }) {
  const problems =
    state.status === "failed"
      ? [state.sentence]
      : state.status === "done"
        ? state.result.problems.map(({ message }) => message)
        : [];
  return (
    <div role="status" className="space-y-1 text-sm empty:hidden">
      {problems.map((problem) => (
        <p key={problem} className="text-bad">
          {problem}
        </p>
      ))}
      {state.status === "done" ? state.result.sentences.map((one) => <p key={one}>{one}</p>) : null}
    </div>
  );
}
