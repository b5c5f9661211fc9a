import type { Subject } from "@/lib/core/access/subject";
import type { PolicyFacts } from "../access/write-policies";
import type { SuspensionFacts } from "../access/write-suspensions";
import type { Scoped } from "../node";

/** What one change did to one rule that bears on an account or domain. */
export interface HistoryEntry {
  changeId: number;
  at: Date;
  actor: string;
  origin: string;
  reason: string;
  /** The whole change, in a sentence; of one that came to others as well, nothing of them to whoever sees some domains only. */
  sentence: string;
  subject: Subject;
  protocol: string;
  before: PolicyFacts | SuspensionFacts | null;
  after: PolicyFacts | SuspensionFacts | null;
  /** A later change took it back. */
  undone: boolean;
}

/** The latest changes of these subjects' rules, newest first. */
export async function historyOf(
  { db, scope }: Scoped,
  subjects: readonly Subject[],
  limit: number,
): Promise<HistoryEntry[]> {
  const items = await db.accessChangeItem.findMany({
    where: { subject: { in: [...subjects] } },
    include: { change: true },
    orderBy: [{ changeId: "desc" }, { subject: "asc" }, { protocol: "asc" }],
    take: limit,
  });
  const undone = await db.accessChange.findMany({
    where: { undoesId: { in: items.map(({ changeId }) => changeId) } },
    select: { undoesId: true },
  });
  const taken = new Set(undone.map(({ undoesId }) => undoesId));
  return items.map(({ changeId, change, subject, protocol, before, after }) => {
    const made = facts(after);
    return {
      changeId,
      at: change.at,
      actor: change.actor,
      origin: change.origin,
      reason: made?.reason ?? change.reason,
      sentence: scope === null || change.count <= 1 ? change.sentence : "Part of a change of several.",
      subject,
      protocol,
      before: facts(before),
      after: made,
      undone: taken.has(changeId),
    };
  });
}

function facts(text: string | null): HistoryEntry["after"] {
  return text === null ? null : (JSON.parse(text) as HistoryEntry["after"]);
}
