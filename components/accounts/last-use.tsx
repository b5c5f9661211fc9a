import { TimeAgo } from "@/components/ui/time-ago";
import type { UseView } from "@/lib/core/access/views";

/** When an account was last seen to sign in by a protocol, and what is particular about it. */
export function LastUse({ use, now }: { use: UseView; now: string }) {
  if (use.lastAt === null) {
    return (
      <span className="soft" role="img" aria-label={use.words} title={use.words}>
        –
      </span>
    );
  }
  return (
    <>
      <TimeAgo at={use.lastAt} now={now} short />
      {use.note === "" ? null : <small title={use.words}>{use.note}</small>}
    </>
  );
}
