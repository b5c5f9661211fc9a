import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";

interface RecentListProps {
  changes: readonly { at: string; actor: string; sentence: string; href: string }[];
  now: string;
}

/** The latest changes of settings and accounts. */
export function RecentList({ changes, now }: RecentListProps) {
  if (changes.length === 0) return <p>None yet.</p>;
  return (
    <ol className="divide-y divide-line rounded border border-line bg-surface">
      {changes.map(({ at, actor, sentence, href }) => (
        <li key={href} className="px-4 py-2 wrap-anywhere">
          <Link href={href} prefetch={false}>
            {sentence}
          </Link>
          <p className="text-sm text-ink-soft">
            {actor}, <TimeAgo at={at} now={now} />
          </p>
        </li>
      ))}
    </ol>
  );
}
