import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { Database } from "../database/client";
import type { Home } from "../home";
import type { MailNode } from "../node";

export type CheckState = "ok" | "warn" | "fail" | "unknown";

/** In the order in which they are looked at and told. */
export const GROUPS = [
  "panel",
  "home",
  "database",
  "dovecot",
  "access",
  "ports",
  "certificate",
  "upkeep",
] as const;
export type CheckGroup = (typeof GROUPS)[number];

/** What one check saw. */
export interface Checked {
  /** The same from look to look: `database-integrity`. */
  id: string;
  group: CheckGroup;
  state: CheckState;
  sentence: string;
  /** A command or a place; null where nothing needs mending. */
  mend: string | null;
}

/** What the checks of one look have in common, each part read once, when it is first asked for. */
export interface Patient {
  home: Home;
  /** The folder that Portcullis's own programs lie in. */
  root: string;
  /** The mail server, as far as it goes without the database. @throws MachineFailure when nothing is set up. */
  node: () => Promise<MailNode>;
  /** All that the files on disk come to. @throws MachineFailure when Dovecot can't read them. */
  config: () => Promise<ConfigTree>;
  /** Returns unless Dovecot's own programs don't end, which need not be waited for more than once. @throws MachineFailure */
  hangs: () => Promise<void>;
  /** @throws Missing where it was seen that it can't be used. */
  db: () => Database;
  /** Told by the checks of the database, before anything else uses it. */
  isDatabaseSound: boolean;
  /** How this installation's panel is started again. */
  startCommand: string;
}

/** Something that a check needs isn't there, which another check tells. */
export class Missing extends Error {
  override readonly name = "Missing";
}

/** One look at something. What it can't find out it throws: a MachineFailure, or Missing. */
export interface Check {
  id: string;
  group: CheckGroup;
  /** There is nothing to look at where no mail server is set up. */
  needsServer?: boolean;
  look(patient: Patient): Promise<Verdict | Verdict[]>;
}

/** As Checked; `id` adds to the check's own where it sees several things. */
export interface Verdict {
  id?: string;
  state: CheckState;
  sentence: string;
  mend: string | null;
}

export const ok = (sentence: string): Verdict => ({ state: "ok", sentence, mend: null });
export const warn = (sentence: string, mend: string): Verdict => ({ state: "warn", sentence, mend });
export const fail = (sentence: string, mend: string): Verdict => ({ state: "fail", sentence, mend });
export const unknown = (sentence: string, mend: string | null = null): Verdict => ({
  state: "unknown",
  sentence,
  mend,
});
