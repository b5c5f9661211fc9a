import { exactWords, timeWords } from "./time-words";

/**
 * An instant in words as of `now`, the server's clock when it wrote the page. For tables, where a hundred of them that count
 * on would be a hundred timers; the page is looked at again every few seconds anyway.
 */
export function TimeAgo({ at, now, short = false }: { at: string; now: string; short?: boolean }) {
  return (
    // Where words are short, room is: in a list that is as wide as its page it would push that sideways.
    <time dateTime={at} title={exactWords(at)} className={short ? undefined : "whitespace-nowrap"}>
      {timeWords(Date.parse(now) - Date.parse(at), short)}
    </time>
  );
}
