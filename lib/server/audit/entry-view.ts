import { type AuditRow, readDetail } from "@/lib/core/audit/entry";
import type { AuditCheckView, AuditEntryView } from "@/lib/core/audit/views";
import { tellInstant } from "../tell-instant";
import type { AuditCheck } from "./check";

const GOOD = ["done", "saved", "applied", "kept", "restored", "complete", "sent"];
const PLAIN = ["read", "asked", "left", "unchanged"];

export function auditEntryView(row: AuditRow): AuditEntryView {
  const { number, at, actor, origin, from, via, action, outcome, subject, hash } = row;
  const told = readDetail(row.detail);
  const { sentences, before = [], after = [], reason = "", probes = [] } = told;
  const instant = Date.parse(at);
  return {
    number,
    at,
    // What somebody made of an instant may be none.
    exact: Number.isNaN(instant) ? at : tellInstant(instant / 1000),
    actor,
    origin,
    from,
    via,
    action,
    outcome,
    tone: GOOD.includes(outcome) ? "good" : PLAIN.includes(outcome) ? "plain" : "bad",
    subject,
    summary: (sentences.length > 0 ? sentences : [...after, ...before]).join("; "),
    sentences,
    before,
    after,
    reason,
    files: filesOf(told),
    probes,
    hash,
  };
}

function filesOf({
  filesBefore = {},
  filesAfter = {},
}: ReturnType<typeof readDetail>): AuditEntryView["files"] {
  const names = [...new Set([...Object.keys(filesBefore), ...Object.keys(filesAfter)])].toSorted();
  return names.map((name) => ({
    name,
    before: filesBefore[name] ?? null,
    after: filesAfter[name] ?? null,
  }));
}

export function auditCheckView(check: AuditCheck | undefined): AuditCheckView {
  if (!check) return { at: null, whole: true, entries: 0, sentences: [] };
  return { ...check, at: check.at.toISOString() };
}
