import type { ReactNode } from "react";
import type { AuditEntryView } from "@/lib/core/audit/views";

/** All that an entry says. */
export function EntryFacts({ entry }: { entry: AuditEntryView }) {
  const { exact, actor, origin, from, via, subject, sentences, before, after, reason, files, probes, hash } =
    entry;
  return (
    <dl className="grid gap-x-4 gap-y-1 border-line border-t bg-raised px-3 py-3 pl-8 [overflow-wrap:anywhere] md:grid-cols-[8rem_1fr]">
      <Fact label="When">{exact}</Fact>
      <Fact label="Who">
        {actor}, by {origin}
        {via ? `, ${via}` : ""}
      </Fact>
      {from || origin === "page" ? <Fact label="From">{from || "not known"}</Fact> : null}
      {subject ? <Fact label="About">{subject}</Fact> : null}
      <Sentences label="What" lines={sentences} />
      <Sentences label="Before" lines={before} />
      <Sentences label="After" lines={after} />
      {reason ? <Fact label="Why">“{reason}”</Fact> : null}
      {files.map(({ name, before: was, after: is }) => (
        <Fact key={name} label={`File ${name}`}>
          <code className="text-xs">
            {was === is ? `${digest(was)}, as before` : `${digest(was)} → ${digest(is)}`}
          </code>
        </Fact>
      ))}
      <Sentences label="Seen" lines={probes} />
      <Fact label="Hash">
        <code className="text-xs">{hash}</code>
      </Fact>
    </dl>
  );
}

/** Enough to compare by eye; exports have all of it. */
const SHOWN = 16;

function digest(full: string | null): string {
  return full === null ? "none" : full.slice(0, SHOWN);
}

function Sentences({ label, lines }: { label: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Fact label={label}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same sentence may come twice, and none ever moves
        <span key={index} className="block">
          {line}
        </span>
      ))}
    </Fact>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
