/** What programs and webhooks of the operator's are told of a change. Names and types are a promise (docs/hooks.md). */
export interface HookEvent {
  format: "portcullis-hook/1";
  /** The same before and after the change. */
  id: string;
  phase: "before" | "after";
  /** settings: of the mail server. access: policies and suspensions of accounts and domains. */
  kind: "settings" | "access";
  /** ISO 8601. */
  at: string;
  actor: string;
  origin: string;
  reason: string;
  /** What changes, a sentence each. */
  sentences: string[];
  /** Settings by their keys, as they are typed; empty for access. */
  settings: Record<string, { from: unknown; to: unknown }>;
  /** Accounts and domains, the first hundred; null where they are chosen by a filter. */
  subjects: string[] | null;
  /** How many there are of them, where that is known. */
  subjectsInAll: number | null;
  /** Of an access change that was made. */
  changeId: number | null;
  /** Of a settings change that was made. */
  revision: number | null;
  /** applied, rolled-back, stuck, rejected, unchanged; done, cancelled, failed (half-way) for access; null before. */
  outcome: string | null;
}

const SHOWN = 100;
const LONGEST_VETO = 300;

/** What is known of a change when it is asked about. */
export type HookChange = Pick<HookEvent, "kind" | "actor" | "origin" | "reason" | "sentences"> &
  Partial<Pick<HookEvent, "settings" | "subjects" | "subjectsInAll">>;

export function hookEvent(
  id: string,
  at: Date,
  phase: HookEvent["phase"],
  change: HookChange & Partial<Pick<HookEvent, "changeId" | "revision" | "outcome">>,
): HookEvent {
  const { subjects = [], settings = {} } = change;
  return {
    format: "portcullis-hook/1",
    id,
    phase,
    at: at.toISOString(),
    changeId: null,
    revision: null,
    outcome: null,
    ...change,
    settings,
    subjects: subjects === null ? null : subjects.slice(0, SHOWN),
    subjectsInAll: change.subjectsInAll ?? (subjects === null ? null : subjects.length),
  };
}

/** The first line of what a hook says, fit to be shown: no control characters, and not endless. */
export function vetoSentence(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  const clean = line.replace(/\p{Cc}+/gu, " ").trim();
  return clean.length > LONGEST_VETO ? `${clean.slice(0, LONGEST_VETO - 1)}…` : clean;
}
