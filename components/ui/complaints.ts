import type { ActionState, ReviewAnswer } from "@/lib/core/views";

/** What an action that shows nothing when it goes well has to say against what was asked, a sentence each. */
export function complaintsIn(state: ActionState<ReviewAnswer | null>): string[] {
  switch (state.status) {
    case "idle":
      return [];
    case "failed":
      return [state.sentence];
    case "invalid":
      return state.problems.map(({ message }) => message);
    case "done":
      return (state.result?.problems ?? []).map(({ message }) => message);
  }
}
