import { CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AuditEntryView } from "@/lib/core/audit/views";
import { EntryFacts } from "./entry-facts";

const MARKS = {
  good: { Icon: CircleCheck, className: "text-good" },
  bad: { Icon: CircleAlert, className: "text-bad" },
  plain: { Icon: CircleMinus, className: "text-ink-soft" },
} as const;

const ROW = "md:grid md:grid-cols-[3.5rem_5.5rem_12.5rem_14rem_1fr] md:items-baseline md:gap-x-3";

/** Entries, newest first; each opens to all that is known of it. */
export function EntryList({ entries, now }: { entries: readonly AuditEntryView[]; now: string }) {
  return (
    <div className="rounded border border-line bg-surface text-sm">
      <div aria-hidden="true" className={`hidden border-line border-b px-3 py-2 pl-8 font-medium ${ROW}`}>
        <span>No.</span>
        <span>When</span>
        <span>Who, from where</span>
        <span>Action, outcome</span>
        <span>What</span>
      </div>
      <ol reversed start={entries[0]?.number} aria-label="Entries" className="divide-y divide-line">
        {entries.map((entry) => (
          <li key={entry.number} id={`entry-${entry.number}`}>
            <details className="group">
              <summary className="relative cursor-pointer list-none px-3 py-1.5 pl-8 hover:bg-raised">
                <span
                  aria-hidden="true"
                  className="absolute top-1.5 left-3 text-ink-soft transition-transform group-open:rotate-90"
                >
                  ›
                </span>
                <Row entry={entry} now={now} />
              </summary>
              <EntryFacts entry={entry} />
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Row({ entry, now }: { entry: AuditEntryView; now: string }) {
  const { number, at, actor, origin, from, action, outcome, tone, subject, summary } = entry;
  const { Icon, className } = MARKS[tone];
  return (
    <span className={`flex flex-wrap gap-x-3 ${ROW}`}>
      <span className="text-ink-soft tabular-nums">{number}</span>
      <span className="text-ink-soft">
        <TimeAgo at={at} now={now} short />
      </span>
      <Cell>
        {actor} <span className="text-ink-soft">{from || origin}</span>
      </Cell>
      <Cell>
        {action}{" "}
        <span className={`inline-flex items-center gap-1 whitespace-nowrap ${className}`}>
          <Icon className="size-3.5 shrink-0" aria-hidden="true" />
          {outcome}
        </span>
      </Cell>
      <span className="line-clamp-2 w-full min-w-0 [overflow-wrap:anywhere]">
        {subject ? <span className="font-medium">{summary ? `${subject}: ` : subject}</span> : null}
        {summary}
      </span>
    </span>
  );
}

function Cell({ children }: { children: ReactNode }) {
  return <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>;
}
