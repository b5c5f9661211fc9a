import type { Outcome, Step } from "../apply/outcome";
import type { Preparation } from "../apply/prepare";
import type { Recovery } from "../apply/recover";
import type { Restored } from "../apply/restore";
import type { SeenLogin } from "../dovecot/auth-lookup";
import type { ConfigTree } from "../dovecot/config";
import type { RenderTarget } from "../dovecot/target";
import type { DetectedVersion } from "../dovecot/version";
import type { HelperRequest } from "./requests";

/** What each request is answered, where it isn't refused. */
export interface HelperAnswers {
  version: DetectedVersion;
  config: ConfigTree;
  target: RenderTarget;
  running: boolean;
  load: string | null;
  /** What became of a change on trial. */
  trial: "waiting" | "taken-back" | "none";
  /** Null where the daemon can't be asked. */
  who: { username: string; protocol: string; pid: number; ip: string }[] | null;
  users: { complete: boolean; trouble: string };
  "mailbox-size": { bytes: number; messages: number } | null;
  lookup: [address: string, seen: SeenLogin][];
  /** With a ticket where it can be committed. */
  prepare: { preparation: Preparation; ticket: string };
  commit: Outcome;
  /** Whether it was on trial. */
  keep: boolean;
  recover: Recovery | null;
  restore: Restored;
  /** How many were ended. */
  kick: number;
  "end-auth-workers": number;
  "map-write": null;
  "map-rebuild": null;
}

export type Asked = HelperRequest["ask"];
export type RequestFor<Ask extends Asked> = Extract<HelperRequest, { ask: Ask }>;

/** Why something was refused or failed: a sentence, and who is to be told. */
export interface HelperRefusal {
  kind: "refused" | "machine" | "unsupported";
  message: string;
}

/** A line of an answer. The last is `done` or `refused`. */
export type HelperLine =
  | { step: Step; detail: string }
  | { names: string[] }
  /** The map is held: rows may follow. */
  | { ready: true }
  | { done: HelperAnswers[Asked] }
  | { refused: HelperRefusal };
