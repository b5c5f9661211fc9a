import { stateWord } from "./state-mark";

interface WhyStateProps {
  protocol: string;
  state: "allow" | "deny";
  /** The sentence that explains it. */
  because: string;
  href: string;
}

/** A state with its reason: in its accessible name, and under it while it has the focus or the pointer. */
export function WhyState({ protocol, state, because, href }: WhyStateProps) {
  const word = stateWord(state);
  return (
    <a href={href} className={`why mark mark-${state}`} aria-label={`${protocol} ${word}: ${because}`}>
      {word}
    </a>
  );
}
