import { settingOf } from "./catalogue";
import type { Change } from "./changes";
import type { Need } from "./setting";

/** One changed setting in words: from what to what, and why it matters. */
export interface ChangeWords {
  key: string;
  label: string;
  sentence: string;
  from: string;
  to: string;
  why: string;
  risk: "low" | "high";
  need: Need;
}

export function changeWords({ key, label, from, to, need, sentence }: Change): ChangeWords {
  const { words, risk } = settingOf(key);
  return {
    key,
    label,
    sentence,
    from: words(from),
    to: words(to),
    why: risk.sentence,
    risk: risk.level,
    need,
  };
}
