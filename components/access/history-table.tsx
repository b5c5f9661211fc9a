import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { HistoryView } from "@/lib/core/access/views";

/** What changed the rules that bear on an account or domain, the newest first. */
export function HistoryTable({ entries, now }: { entries: readonly HistoryView[]; now: string }) {
  if (entries.length === 0) return <p className="text-sm text-ink-soft">Nothing was ever changed.</p>;
  return (
    <ol className="divide-y divide-line text-sm">
      {entries.map((entry) => (
        <li
          key={`${entry.changeId} ${entry.subject} ${entry.protocol} ${entry.before} ${entry.after}`}
          className="grid gap-x-4 py-1.5 sm:grid-cols-[8rem_1fr_auto]"
        >
          <span className="text-ink-soft">
            <TimeAgo at={entry.at} now={now} />
          </span>
          <span className="min-w-0 break-words">
            {entry.protocol === "all" ? "IMAP and POP3" : entry.protocol.toUpperCase()} for {entry.subject}:{" "}
            {entry.before} → <strong className="font-medium">{entry.after}</strong>
            {entry.reason ? <span className="text-ink-soft"> ({entry.reason})</span> : null}
          </span>
          <span className="text-ink-soft">
            {entry.actor}
            {entry.origin === "page" ? "" : ` (${entry.origin})`},{" "}
            <Link href={`/changes/${entry.changeId}`} prefetch={false}>
              change {entry.changeId}
            </Link>
            {entry.undone ? ", taken back" : ""}
          </span>
        </li>
      ))}
    </ol>
  );
}
