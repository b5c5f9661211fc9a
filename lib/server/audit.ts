import type { Database, Write } from "./database/client";
import type { Actor } from "./mailserver/revisions";

export interface AuditEvent {
  actor: Actor;
  /** What was tried, as noun.verb: `mailserver.save`, `operator.sign-in`. */
  action: string;
  outcome: string;
  /** What changed or was refused, a sentence each. */
  sentences: readonly string[];
}

export async function audit(
  db: Database | Write,
  { actor, action, outcome, sentences }: AuditEvent,
): Promise<void> {
  await db.auditEntry.create({
    data: {
      at: new Date(),
      actor: actor.name,
      origin: actor.origin,
      action,
      outcome,
      detail: JSON.stringify(sentences),
    },
  });
}
