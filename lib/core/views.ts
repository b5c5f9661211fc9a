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

/** One attempt to bring a revision into force, and what was seen of it. */
export interface AttemptView {
  id: string;
  outcome: string;
  /** ISO 8601. */
  startedAt: string;
  tookMs: number;
  inForce: string;
  details: string[];
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

/** A step of a change while it is made, as a page shows it. */
export interface ProgressStep {
  words: string;
  /** What was seen in it; empty for the step itself. */
  detail: string;
  /** Milliseconds since the first. */
  afterMs: number;
}

/** How far a change is. It is what the stream of a review sends, too. */
export interface ProgressView {
  running: boolean;
  steps: ProgressStep[];
}

/** What speaks against a decision about a review. */
export interface ReviewAnswer {
  problems: FieldProblem[];
}

/** `typed` is what a person had set in the form: shown again whatever the answer, so that nothing is lost. */
export type SaveView =
  | { kind: "done"; revision: number; view: ApplyView }
  /** Nothing was asked for but to change what the form shows. */
  | { kind: "filled"; typed: Typed }
  | { kind: "problems"; typed: Typed; problems: FieldProblem[] }
  | { kind: "needs-confirmation"; typed: Typed; authenticationOnly: boolean; warnings: FieldProblem[] }
  | ({ kind: "conflict"; typed: Typed } & ConflictView);

/** One setting as the page shows it. Texts of values are as they are typed; "" is as found. */
export interface SettingView {
  key: string;
  label: string;
  help: string;
  /** What is searched while somebody types. */
  search: string;
  type: "switch" | "integer" | "size" | "duration" | "choice" | "text" | "addresses";
  unit: string | null;
  range: { min: number; max: number } | null;
  options: readonly { value: string; label: string }[];
  saved: string;
  default: string;
  /** In words, with its unit. */
  defaultWords: string;
  dovecotDefault: string | null;
  /** What the server's own files come to, where nothing is set here. */
  found: string | null;
  /** Why it can't be set on this server. */
  lacking: string | null;
  /** Why it has no effect now. */
  idle: string | null;
  risk: { level: "low" | "high"; sentence: string };
  /** What the files on disk come to and what the daemon runs, where that was asked for. */
  effective: { asWanted: boolean; sentences: string[] } | null;
}

export interface SectionView {
  key: string;
  label: string;
  settings: SettingView[];
}

/** What a starting point would change, before anything is set. */
export interface ProfileView {
  key: string;
  label: string;
  help: string;
  changes: { label: string; from: string; to: string }[];
  /** What the form shows with it. */
  typed: Typed;
}

/** One of the panel's own settings, as its form shows it. */
export interface OptionView {
  key: string;
  label: string;
  help: string;
  type: "text" | "number" | "choice" | "switch" | "secret";
  choices: readonly { value: string; label: string }[];
  /** As it is typed; "" for a secret. */
  value: string;
  /** A secret that is there. */
  isSet: boolean;
}

/** What came of saving some of them. */
export interface OptionAnswer {
  problems: FieldProblem[];
  notice: string;
}

/** Whom something that is closed would shut out, as a page shows it. */
export interface ImpactView {
  what: string;
  sentences: string[];
  lists: { label: string; href: string; csv: string }[];
  /** What isn't known. */
  limits: string[];
}

/** A channel of alerts as its page shows it. */
export interface AlertChannelView {
  channel: "webhook" | "email";
  /** Where it sends to, without secrets; null where it isn't set up. */
  to: string | null;
  sent: number;
  failed: number;
  /** ISO 8601. */
  lastSentAt: string | null;
  /** Why the last try failed, and when the next is; null where the last one was taken. */
  failing: { failure: string; at: string; failures: number; nextTryAt: string | null } | null;
}

/** What a channel was told of an alert, as a page or a program reads it; instants in ISO 8601. */
export interface ToldView {
  channel: "webhook" | "email";
  toldAt: string | null;
  times: number;
  overToldAt: string | null;
}

export interface AlertView {
  id: number;
  key: string;
  severity: "alarm" | "warning";
  sentence: string;
  href: string;
  since: string;
  endedAt: string | null;
  told: ToldView[];
}

/** One try to send. */
export interface AlertDeliveryView {
  id: number;
  channel: "webhook" | "email";
  at: string;
  tookMs: number;
  told: string[];
  isTest: boolean;
  failure: string | null;
}

/** What came of a test. */
export interface AlertTestView {
  ok: boolean;
  sentence: string;
}

/** The guide's figures of this server. */
export interface GuideView {
  facts: { label: string; value: string; note: string }[];
  /** What isn't known of use, a sentence each. */
  limits: string[];
  isMeasuring: boolean;
  biggest: { address: string; messages: number; words: string }[];
  fastest: { address: string; messages: number; words: string }[];
  /** The form as it is filled in. */
  values: Record<"move" | "accounts" | "mb" | "grow" | "taken", string>;
  problems: FieldProblem[];
  cost: string[];
}

/** A token of the API as its owner's page shows it; never the token itself. Instants in ISO 8601. */
export interface TokenView {
  id: string;
  name: string;
  /** How it begins. */
  shown: string;
  /** What it may do, in words. */
  may: string;
  state: "good" | "over" | "revoked";
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

/** A token right after it was made: shown this once. */
export interface NewTokenView {
  secret: string;
  sentence: string;
  problems: FieldProblem[];
}
