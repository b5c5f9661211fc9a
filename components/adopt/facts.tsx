import type { ReactNode } from "react";

/** What was found, a term and what it says. */
export function Facts({ facts }: { facts: readonly { term: string; says: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
      {facts.map(({ term, says }) => (
        <div key={term} className="contents">
          <dt className="font-medium">{term}</dt>
          <dd className="min-w-0 wrap-anywhere">{says}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Sentences({ label, of }: { label: string; of: readonly string[] }) {
  return (
    <ul aria-label={label} className="list-disc space-y-0.5 pl-5 text-sm">
      {of.map((sentence) => (
        <li key={sentence} className="wrap-anywhere">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

/** Settings that are left to the server's own files. */
export function Unknown({ of }: { of: readonly { label: string; why: string }[] }) {
  if (of.length === 0) return null;
  return (
    <section className="space-y-2">
      <h2>Unknown, and left alone</h2>
      <p className="text-sm text-ink-soft">
        These are never written: the server’s own files go on deciding, until somebody sets them here.
      </p>
      <Facts facts={of.map(({ label, why }) => ({ term: label, says: why }))} />
    </section>
  );
}
