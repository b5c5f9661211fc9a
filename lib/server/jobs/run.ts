import { setTimeout as sleep } from "node:timers/promises";
import { hookEvent } from "@/lib/core/hooks/event";
import type { Database } from "../database/client";
import { askHooks } from "../hooks/ask";
import { log } from "../log";
import type { MailNode } from "../node";
import { runBulk } from "./bulk";
import { runBulkUndo } from "./bulk-undo";
import { failJob } from "./fail-job";
import { runImportPolicies } from "./import-policies";
import { jobChange } from "./job-change";
import { claimJob, endJob, findJob, type Job } from "./store";
import { runSync } from "./sync";

/** How a job ended by itself, with sentences for whoever asked for it. */
export interface JobEnd {
  state: "cancelled" | "done";
  notes: string[];
}

export type JobRunner = (node: MailNode, job: Job) => Promise<JobEnd>;

const RUNNERS: Readonly<Record<string, JobRunner>> = {
  sync: runSync,
  "bulk-access": runBulk,
  "bulk-undo": runBulkUndo,
  "import-policies": runImportPolicies,
};

const BEAT_MS = 5000;

/** Says that somebody works at a job, while somebody else is waited for. */
async function beating<T>(db: Database, id: string, action: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    void db.job.updateMany({ where: { id }, data: { beatAt: new Date() } }).catch(() => {});
  }, BEAT_MS);
  try {
    return await action();
  } finally {
    clearInterval(timer);
  }
}

/** Asked once, before the first of it is done; a listing changes no rule. */
async function vetoOf(node: MailNode, job: Job): Promise<string | undefined> {
  if (job.kind === "sync" || job.position !== null) return undefined;
  return await askHooks(node, hookEvent(job.id, new Date(), "before", jobChange(job)));
}

/** Works at one job that nobody works at, if there is one, to its end. Returns whether there was. */
export async function workAtJob(node: MailNode, id?: string): Promise<boolean> {
  const job = await claimJob(node.db, id);
  if (!job) return false;
  const runner = RUNNERS[job.kind];
  try {
    const veto = await beating(node.db, job.id, () => vetoOf(node, job));
    if (veto !== undefined) {
      await endJob(node.db, job.id, "failed", [veto]);
      return true;
    }
    if (!runner) throw new Error(`There is no job of the kind ${job.kind}.`);
    const { state, notes } = await runner({ ...node, scope: job.scope }, job);
    await endJob(node.db, job.id, state, notes);
  } catch (error) {
    log.error({ err: error, job: job.id, kind: job.kind }, "A job failed");
    await failJob(node, job, error instanceof Error ? error.message : String(error));
  }
  return true;
}

const SHORT_MS = 10_000;
const POLL_MS = 20;

/** Does a short job that was just made while somebody waits. Where the keeper took it first, its end is waited for. */
export async function doShortJob(node: MailNode, id: string): Promise<void> {
  if (await workAtJob(node, id)) return;
  const until = Date.now() + SHORT_MS;
  while (Date.now() < until && (await findJob({ db: node.db, scope: null }, id))?.finishedAt === null)
    await sleep(POLL_MS);
}
