import { z } from "zod";
import { hookEvent } from "@/lib/core/hooks/event";
import { auditChange } from "../access/audit-change";
import { noteForHooks } from "../hooks/tell";
import { log } from "../log";
import type { MailNode } from "../node";
import { countSubjects } from "./close-change";
import { jobChange } from "./job-change";
import { endJob, findJob, type Job } from "./store";

/** The change that a job's parts belong to, by either name that its runner has for it. */
const position = z.object({ changeId: z.number().nullish(), undoId: z.number().nullish() });

/** Ends a job that failed. What it had changed by then is so: audit and hooks are told of it, and that it is not all. */
export async function failJob(node: MailNode, job: Job, why: string): Promise<void> {
  await tellHalf(node, job, why).catch((error: unknown) =>
    log.error({ err: error, job: job.id }, "What a failed job had done could not be told"),
  );
  await endJob(node.db, job.id, "failed", [why]);
}

async function tellHalf(node: MailNode, { id }: Job, why: string): Promise<void> {
  const job = await findJob({ db: node.db, scope: null }, id);
  const at = position.safeParse(job?.position).data;
  const changeId = at?.changeId ?? at?.undoId;
  if (!job || changeId === null || changeId === undefined) return;
  const count = await countSubjects(node.db, changeId);
  if (count === 0) return;
  const { sentence, reason } = await node.db.accessChange.findUniqueOrThrow({ where: { id: changeId } });
  const sentences = [sentence, `It failed after ${count.toLocaleString("en")} of them: ${why}`];
  await node.db.$transaction(async (write) => {
    await write.accessChange.update({ where: { id: changeId }, data: { count } });
    await auditChange(write, job.actor, { changeId, sentences, reason });
  });
  const change = { ...jobChange(job), sentences, subjectsInAll: count, changeId, outcome: "failed" };
  await noteForHooks(node, hookEvent(job.id, new Date(), "after", change));
}
