import { type AuditDetail, type AuditRow, canonical, storable } from "@/lib/core/audit/entry";
import { keepHead, readHead } from "./audit/head";
import { fileOf, sealingOf } from "./audit/sealing";
import type { Database, Write } from "./database/client";
import { homeAround } from "./home";
import type { Actor } from "./mailserver/revisions";

export interface AuditEvent extends AuditDetail {
  actor: Actor;
  /** What was tried, as noun.verb: `mailserver.save`, `operator.sign-in`. */
  action: string;
  outcome: string;
  /** What it is about, so that it is found by it: an address, a domain, "revision 12". */
  subject?: string;
}

/** In characters, as are the others; what is longer is cut. */
const LONGEST_NAME = 320;
const LONGEST_SUBJECT = 1024;
const LONGEST_SENTENCE = 2000;
/** Many may want to write at once, in several processes. */
const PATIENCE_MS = 15_000;
/** More of a kind are counted, not told. */
const MOST_SENTENCES = 100;

/**
 * Writes an entry; the only way in which one comes into being. Within a transaction it belongs to that, so that there is no
 * change without its entry and no entry without its change. Chained and sealed as decision 041 has it.
 */
export async function audit(db: Database | Write, event: AuditEvent): Promise<void> {
  if ("$transaction" in db) await db.$transaction((write) => append(write, event), { maxWait: PATIENCE_MS });
  else await append(db, event);
}

async function append(write: Write, event: AuditEvent): Promise<void> {
  const file = await fileOf(write);
  const home = homeAround(file);
  const [last, head, sealing] = await Promise.all([
    write.auditEntry.findFirst({ orderBy: { number: "desc" }, select: { number: true, hash: true } }),
    readHead(home),
    sealingOf(home),
  ]);
  const number = (last?.number ?? 0) + 1;
  const at = new Date();
  const { actor, action, outcome, subject = "" } = event;
  const row: Omit<AuditRow, "hash" | "seal"> = {
    number,
    at: at.toISOString(),
    actor: storable(actor.name, LONGEST_NAME),
    origin: actor.origin,
    from: storable(actor.from ?? "", LONGEST_NAME),
    via: storable(actor.via ?? "", LONGEST_NAME),
    action,
    outcome,
    subject: storable(subject, LONGEST_SUBJECT),
    detail: JSON.stringify(detailOf(event)),
    previousHash: last?.hash ?? "",
  };
  const hash = sealing.hash(canonical(row));
  await write.auditEntry.create({ data: { ...row, at, hash, seal: sealing.seal?.(hash) ?? "" } });
  await keepHead(write, { file, home, head, last, next: { number, hash } });
}

function detailOf(event: AuditEvent): AuditDetail {
  const { sentences, before = [], after = [], probes = [], reason = "", filesBefore, filesAfter } = event;
  return {
    sentences: told(sentences),
    ...(before.length > 0 ? { before: told(before) } : {}),
    ...(after.length > 0 ? { after: told(after) } : {}),
    ...(reason === "" ? {} : { reason: storable(reason, LONGEST_SENTENCE) }),
    ...(filesBefore ? { filesBefore } : {}),
    ...(filesAfter ? { filesAfter } : {}),
    ...(probes.length > 0 ? { probes: told(probes) } : {}),
  };
}

function told(sentences: readonly string[]): string[] {
  const shown = sentences
    .filter((one) => one !== "")
    .slice(0, MOST_SENTENCES)
    .map((one) => storable(one, LONGEST_SENTENCE));
  const more = sentences.length - MOST_SENTENCES;
  return more > 0 ? [...shown, `And ${more.toLocaleString("en")} more.`] : shown;
}
