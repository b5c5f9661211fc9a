import type { TellInstant } from "./decide";
import type { Protocol, Rank, State } from "./rules";
import { type Subject, subjectLabel } from "./subject";

/** What a policy is to become; `inherit` removes it. */
export type WantedState = State | "inherit";

export interface PolicyEdit {
  kind: "policy";
  subject: Subject;
  protocol: Protocol;
  state: WantedState;
  /** Unix seconds; null for no end. */
  until: number | null;
  /** Why this one, where it is not for the reason of its whole change. */
  reason?: string;
}

export interface SuspendEdit {
  kind: "suspend";
  subject: Subject;
  protocol: Protocol | "all";
  rank: Rank;
  reason: string;
  ticket: string;
  until: number | null;
}

export interface LiftEdit {
  kind: "lift";
  subject: Subject;
  /** The suspension's. */
  id: number;
}

export type Edit = PolicyEdit | SuspendEdit | LiftEdit;

/** For instance `Deny POP3 for anna@site.example until 27 Nov 2026, 18:00 UTC`. */
export function editSentence(edit: Edit, tell: TellInstant): string {
  return `${verbOf(edit)} ${subjectLabel(edit.subject)}${endingOf(edit, tell)}`;
}

/** The same for many of one kind: `Deny POP3 for 412 accounts`. */
export function bulkSentence(edit: Edit, count: number, tell: TellInstant): string {
  return `${verbOf(edit)} ${count.toLocaleString("en")} ${count === 1 ? "account" : "accounts"}${endingOf(edit, tell)}`;
}

function verbOf(edit: Edit): string {
  if (edit.kind === "lift") return "Resume";
  const what = edit.protocol === "all" ? "" : ` ${edit.protocol.toUpperCase()} for`;
  if (edit.kind === "suspend") return `Suspend${what}`;
  return { allow: "Allow", deny: "Deny", inherit: "Inherit" }[edit.state] + what;
}

function endingOf(edit: Edit, tell: TellInstant): string {
  return edit.kind === "lift" || edit.until === null ? "" : ` until ${tell(edit.until)}`;
}
