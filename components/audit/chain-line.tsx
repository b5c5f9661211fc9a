import { CircleCheck, CircleMinus } from "lucide-react";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { AuditCheckView } from "@/lib/core/audit/views";

/** Whether the audit is as it was written, and when that was looked at. */
export function ChainLine({ check, now }: { check: AuditCheckView; now: string }) {
  const { at, whole, entries, sentences } = check;
  if (at === null) {
    return (
      <p className="flex items-center gap-2 text-ink-soft text-sm">
        <CircleMinus className="size-4 shrink-0" aria-hidden="true" />
        Not verified yet: that is done within minutes of the first start, and then once a day.
      </p>
    );
  }
  if (whole) {
    return (
      <p className="flex items-center gap-2 text-sm">
        <CircleCheck className="size-4 shrink-0 text-good" aria-hidden="true" />
        <span>
          Whole when it was verified <Moment at={at} now={now} />: {entries.toLocaleString("en")}{" "}
          {entries === 1 ? "entry" : "entries"}, none changed, missing or moved.
        </span>
      </p>
    );
  }
  return (
    <Notice tone="bad" title="Somebody tampered with the audit.">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>
        Seen <Moment at={at} now={now} />. <code>portcullis audit verify</code> tells all of it. Keep a copy
        of the database before anything else; nothing old is removed meanwhile.
      </p>
    </Notice>
  );
}
