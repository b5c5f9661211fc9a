import { type SessionQuery, sessionQuery } from "@/lib/core/sessions/query";
import { audit } from "../audit";
import type { Database, Write } from "../database/client";
import { log } from "../log";
import type { Actor } from "../mailserver/revisions";

interface ReadEvent {
  actor: Actor;
  action: string;
  outcome: "read" | "refused";
  subject: string;
  sentence: string;
}

const HOUR_MS = 60 * 60_000;

/**
 * Writes that somebody looked at something personal, at most once an hour for the same person, place and subject: pages
 * are looked at anew every few seconds. Where it can't be written (a full disk), the log has it and the page shows all the
 * same: an incident is when it is needed most.
 */
export async function auditRead(db: Database, { sentence, ...entry }: ReadEvent): Promise<void> {
  try {
    if (await isKnown(db, entry)) return;
    await db.$transaction(async (write) => {
      if (!(await isKnown(write, entry))) await audit(write, { ...entry, sentences: [sentence] });
    });
  } catch (error) {
    log.error({ err: error, ...entry }, "That somebody read this could not be written into the audit");
  }
}

/** That somebody looked at the audit itself. Not for what: a search would find itself. */
export async function auditLook(db: Database, actor: Actor): Promise<void> {
  const sentence = "Looked at the audit.";
  await auditRead(db, { actor, action: "audit.read", outcome: "read", subject: "", sentence });
}

/** That somebody looked at who is connected, and from which addresses. */
export async function auditSessionsLook(db: Database, actor: Actor, query: SessionQuery): Promise<void> {
  const subject = sessionQuery.search(query) || "all";
  const sentence = "Looked at who is connected, with their addresses.";
  await auditRead(db, { actor, action: "sessions.read", outcome: "read", subject, sentence });
}

/** That somebody looked at an account: its rules, when it was used and from which addresses. */
export async function auditAccountLook(db: Database, actor: Actor, address: string): Promise<void> {
  const sentence = "Looked at the account: its rules, its use and the addresses it came from.";
  await auditRead(db, { actor, action: "account.read", outcome: "read", subject: address, sentence });
}

interface Exported {
  what: "accounts" | "audit";
  /** As the list's URL has it; empty for all. */
  filter: string;
  form: string;
}

/** That somebody takes a list away as a file: each time, and where it can't be written there is no file. */
export async function auditExport(
  db: Database,
  actor: Actor,
  { what, filter, form }: Exported,
): Promise<void> {
  await audit(db, {
    actor,
    action: `${what}.export`,
    outcome: "read",
    subject: filter || "all",
    sentences: [`Exported as ${form.toUpperCase()}.`],
  });
}

async function isKnown(
  db: Database | Write,
  { actor, action, outcome, subject }: Omit<ReadEvent, "sentence">,
): Promise<boolean> {
  const row = await db.auditEntry.findFirst({
    where: {
      action,
      subject,
      actor: actor.name,
      origin: actor.origin,
      from: actor.from ?? "",
      outcome,
      at: { gt: new Date(Date.now() - HOUR_MS) },
    },
    select: { number: true },
  });
  return row !== null;
}
