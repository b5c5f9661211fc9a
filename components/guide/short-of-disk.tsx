import Link from "next/link";

const WAYS = [
  {
    setting: "trash_expunge",
    words: "Delete what has lain in Trash for long",
    effect: "Frees what people have thrown away already; it can't be brought back.",
  },
  {
    setting: "spam_expunge",
    words: "Delete what has lain in the spam folder for long",
    effect: "Mostly mail that nobody wants; a wrongly sorted one goes with it.",
  },
  {
    setting: "compress",
    words: "Compress new mail",
    effect: "Text shrinks to a third or so, pictures don't; what is there already stays as it is.",
  },
  {
    setting: "trash_in_quota",
    words: "Count Trash into the quota",
    effect: "Whoever is near the limit empties it by themselves.",
  },
] as const;

/** What helps when the disk is short, in the order of who notices least. */
export function ShortOfDisk() {
  return (
    <ul className="divide-y divide-line border-line border-y">
      {WAYS.map(({ setting, words, effect }) => (
        <li key={setting} className="py-2">
          <Link href={`/mailserver#row-${setting}`} className="font-medium">
            {words}
          </Link>
          <p className="text-sm text-ink-soft">{effect}</p>
        </li>
      ))}
    </ul>
  );
}
