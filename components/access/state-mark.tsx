import type { WantedState } from "@/lib/core/access/edits";

const WORDS: Readonly<Record<WantedState, string>> = { allow: "allowed", deny: "denied", inherit: "no rule" };

export function stateWord(state: WantedState): string {
  return WORDS[state];
}

/** Allowed, denied or inherited: an icon and a word, never colour alone. */
export function StateMark({ state }: { state: WantedState }) {
  return <span className={`mark mark-${state}`}>{WORDS[state]}</span>;
}
