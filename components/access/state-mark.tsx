import { CircleCheck, CircleMinus, CornerLeftUp } from "lucide-react";
import type { WantedState } from "@/lib/core/access/edits";

const MARKS = {
  allow: { word: "allowed", Icon: CircleCheck, colour: "text-good" },
  deny: { word: "denied", Icon: CircleMinus, colour: "text-bad" },
  inherit: { word: "no rule", Icon: CornerLeftUp, colour: "text-ink-soft" },
} as const;

export function stateWord(state: WantedState): string {
  return MARKS[state].word;
}

/** Allowed, denied or inherited: an icon and a word, never colour alone. */
export function StateMark({ state }: { state: WantedState }) {
  const { word, Icon, colour } = MARKS[state];
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <Icon className={`size-4 shrink-0 ${colour}`} aria-hidden="true" />
      {word}
    </span>
  );
}
