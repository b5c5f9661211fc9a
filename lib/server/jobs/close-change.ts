import { hookEvent } from "@/lib/core/hooks/event";
import { auditChange } from "../access/audit-change";
import type { Database } from "../database/client";
import { noteForHooks } from "../hooks/tell";
import type { MailNode } from "../node";
import { jobChange } from "./job-change";
import { proveSample } from "./prove-sample";
import type { JobEnd } from "./run";
import type { Job } from "./store";

export interface LongChange {
  state: JobEnd["state"];
  changeId: number | null;
  /** Rules. */
  changed: number;
  sentence: string;
  reason: string;
  /** What there is to tell besides. */
  notes?: readonly string[];
}

/** Ends, or for now ends, a change that was made in chunks: history tells what it came to, and the daemon is asked. */
export async function closeChange(
  node: MailNode,
  job: Job,
  { state, changeId, changed, sentence, reason, notes = [] }: LongChange,
): Promise<JobEnd> {
  if (changeId === null || changed === 0) {
    if (changeId !== null) await forget(node, job, changeId);
    const nothing = state === "done" ? "Everything was so already." : "Nothing was changed by then.";
    return { state, notes: notes.length > 0 ? [...notes] : [nothing] };
  }
  const count = await countSubjects(node.db, changeId);
  await node.db.$transaction(async (write) => {
    await write.accessChange.update({ where: { id: changeId }, data: { sentence, count } });
    await auditChange(write, job.actor, { changeId, sentences: [sentence], reason });
  });
  await noteForHooks(
    node,
    hookEvent(job.id, new Date(), "after", {
      ...jobChange(job),
      sentences: [sentence],
      subjectsInAll: count,
      changeId,
      outcome: state,
    }),
  );
  const told = `${changed.toLocaleString("en")} ${changed === 1 ? "rule" : "rules"} changed.`;
  return { state, notes: [told, ...notes, ...(await proveSample(node, changeId))] };
}

/** How many accounts and domains a change came to. */
export async function countSubjects(db: Database, changeId: number): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number | bigint }[]>`
    SELECT count(DISTINCT "subject") AS "count" FROM "AccessChangeItem" WHERE "changeId" = ${changeId}`;
  return Number(row?.count ?? 0);
}

/** A change that changed nothing has no place in history; a job that goes on later makes one of its own then. */
async function forget(node: MailNode, job: Job, changeId: number): Promise<void> {
  await node.db.$transaction(async (write) => {
    const { position } = await write.job.findUniqueOrThrow({ where: { id: job.id } });
    const facts = JSON.parse(position) as object | null;
    await write.job.update({
      where: { id: job.id },
      data: { position: JSON.stringify(facts && { ...facts, changeId: null }) },
    });
    await write.accessChange.delete({ where: { id: changeId } });
  });
}
