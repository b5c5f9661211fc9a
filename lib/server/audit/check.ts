import { clearAlarm, raiseAlarm } from "../alarms";
import type { Database } from "../database/client";
import { pruneAudit } from "./prune";
import { type AuditVerdict, verifyAudit } from "./verify";

const DAY_MS = 24 * 60 * 60_000;
export const AUDIT_ALARM = "audit";
const ROW = 1;
/** As many as a page shows. */
const TOLD = 5;

/** What came of the last look at the whole audit. */
export interface AuditCheck {
  at: Date;
  whole: boolean;
  entries: number;
  /** What is broken, the first of it. */
  sentences: string[];
}

/** Verifies the audit, writes down what came of it, and raises an alarm where it is broken. */
export async function checkAudit(db: Database): Promise<AuditVerdict> {
  const verdict = await verifyAudit(db);
  const { whole, entries, checkedAt: at, faults, faultsInAll } = verdict;
  const sentences = faults.slice(0, TOLD).map(({ sentence }) => sentence);
  const facts = { at, whole, entries, sentences: JSON.stringify(sentences) };
  await db.auditCheck.upsert({ where: { id: ROW }, create: { id: ROW, ...facts }, update: facts });
  if (whole) await clearAlarm(db, AUDIT_ALARM);
  else {
    const more = faultsInAll > 1 ? ` And ${(faultsInAll - 1).toLocaleString("en")} more.` : "";
    await raiseAlarm(db, AUDIT_ALARM, `The audit was tampered with: ${sentences[0]}${more}`);
  }
  return verdict;
}

export async function lastCheck(db: Database): Promise<AuditCheck | undefined> {
  const row = await db.auditCheck.findUnique({ where: { id: ROW } });
  if (!row) return undefined;
  const { at, whole, entries } = row;
  return { at, whole, entries, sentences: JSON.parse(row.sentences) as string[] };
}

/**
 * Once a day: verifies the audit, and then removes what is older than it is kept. A broken one is left whole as it is,
 * so that nobody waits until what shows it is gone.
 */
export async function guardAudit(db: Database): Promise<void> {
  const last = await lastCheck(db);
  // A clock that was set back must not put it off until it is as late again.
  const ageMs = last ? Date.now() - last.at.getTime() : Infinity;
  if (ageMs >= 0 && ageMs < DAY_MS) return;
  const { whole } = await checkAudit(db);
  if (whole) await pruneAudit(db);
}
