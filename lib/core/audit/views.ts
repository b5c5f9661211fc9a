/** An entry as its page shows it. */
export interface AuditEntryView {
  number: number;
  /** ISO 8601, and the same in words in the server's zone. */
  at: string;
  exact: string;
  actor: string;
  origin: string;
  from: string;
  via: string;
  action: string;
  outcome: string;
  /** By which the outcome is marked: bad is what was refused or failed. */
  tone: "good" | "bad" | "plain";
  subject: string;
  /** The entry in one line. */
  summary: string;
  sentences: readonly string[];
  before: readonly string[];
  after: readonly string[];
  reason: string;
  files: readonly { name: string; before: string | null; after: string | null }[];
  probes: readonly string[];
  hash: string;
}

/** What is known of whether the audit is as it was written. */
export interface AuditCheckView {
  /** ISO 8601; null where nobody looked yet. */
  at: string | null;
  whole: boolean;
  entries: number;
  sentences: readonly string[];
}
