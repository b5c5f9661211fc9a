import { levelOf, type Subject } from "../access/subject";

/** Longest text and ticket, in UTF-16 units. */
export const LONGEST_NOTE = { text: 2000, ticket: 64 };
/** So many stand beside one account or domain at most: whoever reads them reads all of them. */
export const MOST_NOTES = 100;

/** A note as pages, files and programs read it; `at` in ISO 8601. */
export interface NoteFacts {
  id: number;
  text: string;
  /** Empty where none was named. */
  ticket: string;
  actor: string;
  at: string;
}

export interface NoteView extends NoteFacts {
  /** Whoever looks wrote it, or is an administrator. */
  mayWithdraw: boolean;
}

/** A list's word of an account's notes: how many, and of the newest its text and ticket. */
export interface NotesMark {
  count: number;
  text: string;
  ticket: string;
}

/** What a form of notes gets back: why nothing was done; empty where it was. */
export interface NoteAnswer {
  problem: string;
}

/** Notes stand beside an account or a domain, not beside everybody. */
export function takesNotes(subject: Subject): boolean {
  return levelOf(subject) !== "server";
}
