import type { WantedState } from "./edits";
import type { Protocol } from "./rules";

/** A line of what was done, and how it went. */
export interface StepView {
  state: "good" | "bad" | "unknown";
  sentence: string;
}

/** One rule that somebody else changed since a page was opened: both sides. */
export interface ConflictSide {
  /** Whose rule, and for which protocol: `POP3 for anna@site.example`. */
  label: string;
  saw: WantedState;
  now: WantedState;
  /** Empty where it was never changed. */
  actor: string;
  /** ISO 8601. */
  at: string | null;
  reason: string;
}

/** What an act upon rules came to, as a page shows it. */
export type AccessAnswer =
  | {
      kind: "done";
      tone: "good" | "warn" | "bad";
      saved: string;
      steps: StepView[];
      /** By which it can be taken back; null where nothing was changed. */
      changeId: number | null;
    }
  | {
      kind: "conflict";
      sides: ConflictSide[];
      /** What a second try must have seen to stand on top of theirs. */
      seen: WantedState | null;
      yours: string[];
      /** ISO 8601, the server's clock when it answered. */
      now: string;
    }
  | { kind: "not-allowed"; sentence: string };

/** What Dovecot answered when it was last asked about an account and protocol. */
export interface ProofView {
  protocol: Protocol;
  seen: "allow" | "deny" | "no-such-user" | "unknown";
  by: "lookup" | "closed-port";
  /** ISO 8601. */
  at: string;
  differs: boolean;
}
