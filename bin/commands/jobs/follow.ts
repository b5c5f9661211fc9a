import { setTimeout as sleep } from "node:timers/promises";
import { workAtJob } from "@/lib/server/jobs/run";
import { cancelJob, findJob, type Job } from "@/lib/server/jobs/store";
import type { MailNode } from "@/lib/server/node";
import { note } from "../output";
import { Progress } from "../progress";
import { shellActor } from "../rules/arguments";
import { progressLine } from "./told";

const LOOK_EVERY_MS = 200;

/**
 * Sees a job to its end: works at it in this process, or watches where the panel was faster. Ctrl-C cancels it after the
 * step that is under way; what was done by then stays and can be taken back or gone on with.
 */
export async function followJob(node: MailNode, id: string): Promise<Job> {
  const cancel = () => {
    note("\nStopping after the step that is under way.");
    void cancelJob(node, id, shellActor());
  };
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  const progress = new Progress();
  let work: Promise<unknown> | undefined;
  try {
    for (;;) {
      const job = await jobAt(node, id);
      if (isOver(job) && !work) return job;
      if (job.state === "running") progress.report(progressLine(job));
      // Again and again: where the process that works at it dies, this one takes over.
      work ??= workAtJob(node, id);
      const hasEnded = await Promise.race([work.then(() => true), sleep(LOOK_EVERY_MS, false)]);
      if (!hasEnded) continue;
      work = undefined;
      if (!isOver(await jobAt(node, id))) await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await work;
    progress.end();
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  }
}

async function jobAt(node: MailNode, id: string): Promise<Job> {
  const job = await findJob(node, id);
  if (!job) throw new Error(`The job ${id} is gone.`);
  return job;
}

function isOver({ state }: Pick<Job, "state">): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}
