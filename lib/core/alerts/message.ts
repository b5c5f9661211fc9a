import type { Alert } from "./alert";
import type { Happening } from "./due";

/** One thing that a message tells. */
export interface Item {
  happening: Happening;
  alert: Alert;
  /** How often this channel was told of it before. */
  times: number;
}

/** What a channel is sent at once. */
export interface Message {
  /** The same for a second try of the same. */
  id: string;
  /** The name of the machine that it is about. */
  host: string;
  /** The panel's address, or undefined where it isn't known. */
  panelUrl: string | undefined;
  sentAt: Date;
  isTest: boolean;
  items: readonly Item[];
}

/** Tells one thing from another, and is the same when it had to be sent twice. */
export function itemId({ happening, alert, times }: Item): string {
  return `${alert.id}-${happening}-${times}`;
}

const ORDER: readonly Happening[] = ["began", "worse", "stands", "over"];

/** Alarms first; what is over last. */
export function ordered(items: readonly Item[]): Item[] {
  return items.toSorted(
    (a, b) =>
      ORDER.indexOf(a.happening) - ORDER.indexOf(b.happening) ||
      a.alert.severity.localeCompare(b.alert.severity) ||
      a.alert.id - b.alert.id,
  );
}
