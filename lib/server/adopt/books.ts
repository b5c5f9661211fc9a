import type { Outcome } from "@/lib/core/apply/outcome";
import type { Prepared } from "@/lib/core/apply/prepare";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import type { AuditEvent } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { AdoptionRecord } from "./record";

/** What the panel's home is told when adopting begins. */
export interface BegunAdoption {
  record: AdoptionRecord;
  instance: DovecotInstance;
  /** Where the helper listens, for a panel that isn't root. */
  socket: string | undefined;
  values: SettingsValues;
  /** Names of settings that are left to the server's own files. */
  unknown: string[];
  actor: Actor;
  reason: string;
}

/** And when it ended, or when the server was given back. */
export interface Ending {
  event: AuditEvent;
  /** What becomes of the home: `keep`: as it is; `adopted`: its record says so; `forget`: it has no server any more. */
  after: "keep" | "adopted" | "forget";
  /** A run of the engine that was seen to work. */
  run?: { revision: number; startedAt: number; outcome: Outcome; prepared: Prepared } | undefined;
}

/**
 * The panel's own side of adopting and giving back: description, database, audit. It is done as the user that the home
 * belongs to, and root believes nothing that it finds there.
 */
export interface Books {
  /** @throws MachineFailure where the panel of this home runs. */
  requireStopped(): Promise<void>;
  /** Makes home and database where there is none. Tells how many rules for accounts it holds from before. */
  open(): Promise<{ rules: number }>;
  /** Writes the description, and what was found as a revision. */
  begin(begun: BegunAdoption): Promise<{ revision: number }>;
  end(ending: Ending): Promise<void>;
}
