import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { ConflictView } from "@/lib/core/views";

/** Somebody saved in between: both sides, and the two ways on. */
export function ConflictNotice({ conflict }: { conflict: ConflictView }) {
  const { revision, author, at, reason, theirs, yours } = conflict;
  return (
    <Notice
      tone="warn"
      title={`${author} saved revision ${revision} after you opened this page. Nothing of yours was saved.`}
    >
      <dl className="grid gap-x-3 sm:grid-cols-[auto_1fr]">
        <dt className="font-medium">Theirs</dt>
        <dd>
          {list(theirs)} (<Moment at={at} now={conflict.now} />
          {reason ? `, “${reason}”` : ""})
        </dd>
        <dt className="font-medium">Yours</dt>
        <dd>{list(yours)}</dd>
      </dl>
      <p>
        <a href="/mailserver">Take theirs</a>, or save again to put the switches above on top of theirs.
      </p>
    </Notice>
  );
}

function list(sentences: readonly string[]): string {
  return sentences.length > 0 ? `${sentences.join(", ")}.` : "No change.";
}
