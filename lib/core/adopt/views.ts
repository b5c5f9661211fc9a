/** A server that could be adopted, as its page shows it. */
export interface CandidateView {
  kind: "candidate";
  server: string;
  layout: string;
  running: string;
  files: { path: string; from: string; state: "read" | "missing" | "unreadable" }[];
  protocols: { name: string; says: string }[];
  signIn: string[];
  values: { label: string; words: string }[];
  unknown: { label: string; why: string }[];
  mainFile: string;
  added: string[];
  written: { path: string; content: string }[];
  difference: string;
  passed: string[];
  warnings: string[];
  refused: string[];
  /** False where the panel's own user may not read all of it: what is refused may be only that. */
  asRoot: boolean;
  command: string;
}

/** The server that this panel adopted. */
export interface AdoptedView {
  kind: "adopted";
  server: string;
  layout: string;
  at: string;
  by: string;
  reason: string;
  mainFile: string;
  added: string[];
  folder: string;
  copy: string;
  /** Sentences on how giving it back would come out now. */
  back: string[];
  unknown: { label: string; why: string }[];
  command: string;
}

/** Nothing could be found out, and why. */
export interface NoServerView {
  kind: "none";
  sentence: string;
  command: string;
}

export type AdoptionView = CandidateView | AdoptedView | NoServerView;
