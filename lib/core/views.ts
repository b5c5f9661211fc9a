import type { FieldProblem } from "./settings/schema";

/** What was typed into a form, by field: shown again, so that nothing is lost. */
export type Typed = Readonly<Record<string, string>>;

/** What a form gets back. `at` (milliseconds since 1970) tells two answers apart that read the same. */
export type ActionState<Result> =
  | { status: "idle"; at: 0 }
  | { status: "invalid"; at: number; problems: FieldProblem[]; typed: Typed }
  | { status: "failed"; at: number; sentence: string; typed: Typed }
  | { status: "done"; at: number; result: Result; typed: Typed };

/** The two facts of a change, and what was seen of it. */
export interface ApplyView {
  tone: "good" | "warn" | "bad";
  /** What the database holds now. */
  saved: string;
  /** What the daemon runs now. */
  inForce: string;
  details: string[];
}

/** What a person had set in the form: shown again whatever the answer, so that nothing is lost. */
export interface Choice {
  imap: boolean;
  pop3: boolean;
  reason: string;
}

/** Somebody saved in between: both sides, in sentences. */
export interface ConflictView {
  revision: number;
  author: string;
  /** ISO 8601, and the server's clock when it answered. */
  at: string;
  now: string;
  reason: string;
  theirs: string[];
  yours: string[];
}

export type SaveView =
  | { kind: "done"; revision: number; view: ApplyView }
  | { kind: "problems"; choice: Choice; problems: FieldProblem[] }
  | { kind: "authentication-only"; choice: Choice }
  | ({ kind: "conflict"; choice: Choice } & ConflictView);
