import Link from "next/link";
import { StateMark, stateWord } from "@/components/access/state-mark";

interface WhyStateProps {
  protocol: string;
  state: "allow" | "deny";
  /** The sentence that explains it. */
  because: string;
  href: string;
}

/** A state with its reason: in its accessible name, and beside it when it has the focus or the pointer. */
export function WhyState({ protocol, state, because, href }: WhyStateProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={`${protocol} ${stateWord(state)}: ${because}`}
      className="group relative rounded text-ink no-underline hover:text-ink"
    >
      <StateMark state={state} />
      <span
        aria-hidden="true"
        data-tip=""
        className="absolute top-full right-0 z-20 mt-1 hidden w-60 rounded border border-line-strong bg-surface p-2 text-left text-sm whitespace-normal shadow-md group-hover:block group-focus-visible:block"
      >
        {because}
      </span>
    </Link>
  );
}
