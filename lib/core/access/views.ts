import type { NotesMark } from "../notes/note";
import type { WantedState } from "./edits";
import type { Protocol, Rank, State } from "./rules";
import type { Level } from "./subject";

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

/** A rule of one level, and who made it so. Instants in ISO 8601. */
export interface RuleView {
  protocol: Protocol;
  state: State;
  until: string | null;
  actor: string;
  at: string;
  reason: string;
}

export interface SuspensionView {
  id: number;
  level: Level;
  protocol: Protocol | "all";
  rank: Rank;
  reason: string;
  ticket: string;
  until: string | null;
  actor: string;
  at: string;
  /** The person who looks may lift it. */
  mayResume: boolean;
}

/** What is effective for one protocol, why, and the rule of the subject's own. */
export interface StateView {
  protocol: Protocol;
  effective: State;
  because: string;
  own: RuleView | null;
  /** A rule of its own would change what is effective: neither the server nor a suspension decides. */
  canFlip: boolean;
}

/** One step of the chain server → domain → account → suspension. */
export interface ChainStepView {
  label: string;
  says: State | "nothing";
  decides: boolean;
  rule: RuleView | null;
  suspensions: SuspensionView[];
}

/** What one change did to one rule. */
export interface HistoryView {
  changeId: number;
  at: string;
  actor: string;
  origin: string;
  reason: string;
  /** Whose rule: an account, a domain, or all accounts. */
  subject: string;
  protocol: string;
  before: string;
  after: string;
  undone: boolean;
}

/** Who is signed in now by one protocol, and how many of them off-now would end; null when Dovecot can't be asked. */
export interface OpenSessionsView {
  protocol: Protocol;
  sessions: { username: string; ip: string; pid: number }[] | null;
  ending: number | null;
}

/** When an account was last seen to sign in by a protocol. */
export interface UseView {
  protocol: Protocol;
  /** ISO 8601; null when it was not seen. */
  lastAt: string | null;
  /** What a table has room for: webmail, no TLS. Empty for the usual. */
  note: string;
  /** All of it, in words; where it was not seen, since when that is known. */
  words: string;
}

export interface AccountRowView {
  id: number;
  address: string;
  domain: string;
  vanishedAt: string | null;
  states: StateView[];
  suspensions: SuspensionView[];
  change: { actor: string; at: string; reason: string } | null;
  proofs: ProofView[];
  uses: UseView[];
  notes: NotesMark | null;
}

/** How many accounts are what. */
export interface CountsView extends Record<Protocol, { allow: number; deny: number }> {
  accounts: number;
  /** With a policy of their own. */
  exceptions: number;
  suspended: number;
}

export interface DomainRowView {
  name: string;
  counts: CountsView;
  /** For an account there without a rule of its own. */
  states: StateView[];
  /** Of the domain itself. */
  suspensions: SuspensionView[];
  change: { actor: string; at: string; reason: string } | null;
}

/** What an act upon many would do, before it is done. */
export interface BulkPreviewView {
  accounts: number;
  /** There are more than were looked at. */
  isMore: boolean;
  changing: number;
  alreadySo: number;
  /** Suspensions that were set by a higher rank and would stay. */
  notAllowed: number;
  /** Where something is closed: accounts that used it within 30 days, and those that used nothing else. */
  used: number | null;
  only: number | null;
  /** For instance `Deny POP3 for 412 accounts`. */
  sentence: string;
  examples: {
    address: string;
    states: { protocol: Protocol; now: State; afterwards: State; because: string }[];
  }[];
}

/** What a file of rules would do. */
export interface ImportView {
  /** By which it is imported; null when something is wrong with it, and then nothing of it can be. */
  id: string | null;
  name: string;
  format: "csv" | "json";
  exported: boolean;
  lines: number;
  bad: number;
  changing: number;
  alreadySo: number;
  silent: number;
  unknown: number;
  unknownNames: string[];
  /** Null where it is the file as a whole. The first of them, where there are very many. */
  problems: { line: number | null; sentence: string }[];
  /** How many there are in all. */
  problemsInAll: number;
}

/** What is known of an account's sign-ins. Instants in ISO 8601. */
export interface AccountUseView {
  protocols: {
    protocol: Protocol;
    lastAt: string | null;
    /** By what the last one was protected; empty where there is none. */
    how: string;
    times: string;
  }[];
  addresses: {
    protocol: Protocol;
    remote: string;
    firstAt: string;
    lastAt: string;
    count: number;
    isWebmail: boolean;
  }[];
  addressDays: number;
  /** From when on sign-ins are known; null while there is no data. */
  since: string | null;
  limits: string[];
}
