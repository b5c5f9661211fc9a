import type { Severity } from "./alert";
import type { Happening } from "./due";
import type { Item, Message } from "./message";

/** Writes an instant for people, in a zone that it names. */
export type TellInstant = (at: Date) => string;

const LONGEST_SUBJECT = 150;
const SEVERITY: Readonly<Record<Severity, string>> = { alarm: "Alarm", warning: "Warning" };
const HAPPENING: Readonly<Record<Happening, string>> = {
  began: "Began",
  worse: "Has become worse",
  stands: "Still stands",
  over: "Is over",
};

/** What one item says, on one line whatever its sentence holds. */
export function itemWords({ happening, alert }: Item): string {
  return oneLine(`${HAPPENING[happening]}: ${SEVERITY[alert.severity].toLowerCase()}: ${alert.sentence}`);
}

/** The line by which a message is known in a list of messages. */
export function subjectOf({ host, isTest, items }: Message): string {
  const words = isTest ? "Test: alerts get through" : itemsSubject(items);
  return oneLine(`[Portcullis ${host}] ${words}`).slice(0, LONGEST_SUBJECT);
}

function itemsSubject(items: readonly Item[]): string {
  const [only] = items;
  if (items.length === 1 && only) {
    const { happening, alert } = only;
    const what = happening === "began" ? SEVERITY[alert.severity] : HAPPENING[happening];
    return `${what}: ${alert.sentence}`;
  }
  const counts = (["began", "worse", "stands", "over"] as const).flatMap((happening) => {
    const count = items.filter((item) => item.happening === happening).length;
    return count > 0 ? [`${count} ${COUNTED[happening](count)}`] : [];
  });
  return counts.join(", ");
}

const COUNTED: Readonly<Record<Happening, (count: number) => string>> = {
  began: () => "began",
  worse: () => "became worse",
  stands: (count) => (count === 1 ? "still stands" : "still stand"),
  over: (count) => (count === 1 ? "is over" : "are over"),
};

/** The whole message as plain text. */
export function textOf(message: Message, tell: TellInstant): string {
  const { host, panelUrl, isTest, items } = message;
  const paragraphs = isTest
    ? [`This is a test of the alerts of Portcullis on ${host}. Nothing is wrong, and there is nothing to do.`]
    : items.map((item) => paragraphOf(item, panelUrl, tell));
  const from = panelUrl ? `Portcullis on ${host}, ${panelUrl}/alerts` : `Portcullis on ${host}`;
  return `${[...paragraphs, from].join("\n\n")}\n`;
}

function paragraphOf(item: Item, panelUrl: string | undefined, tell: TellInstant): string {
  const { alert, happening, times } = item;
  const since = `since ${tell(alert.firstSeenAt)}`;
  const span = alert.endedAt ? `from ${tell(alert.firstSeenAt)} to ${tell(alert.endedAt)}` : since;
  // Where a channel was down all the while: what it is told of first is its end.
  const note = happening === "over" && times === 0 ? " It could not be told while it stood." : "";
  return [
    itemWords(item),
    `  ${span}.${note}`,
    ...(panelUrl && happening !== "over" ? [`  ${panelUrl}${alert.href}`] : []),
  ].join("\n");
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
