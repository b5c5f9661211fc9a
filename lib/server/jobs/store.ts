import { randomUUID } from "node:crypto";
import type { Rank } from "@/lib/core/access/rules";
import type { JobState } from "@/lib/core/jobs";
import { coversScope, type Scope } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Database, Write } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import type { Scoped } from "../node";
import { mayGoOn } from "./job-rank";

/** Long work that somebody asked for, and how far it has come. */
export interface Job {
  id: string;
  kind: string;
  input: unknown;
  state: JobState;
  /** What there is to do, and what is done; in the kind's own units. */
  total: number;
  done: number;
  position: unknown;
  notes: string[];
  actor: Actor;
  /** Of whoever asked for it: it is done within these domains. */
  scope: Scope;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** A process that works at a job says so more often than this; a job without such a sign is taken over. */
const BEAT_TIMEOUT_MS = 15_000;

export async function addJob(
  { db, scope }: Scoped,
  job: { kind: string; input: unknown; total: number; actor: Actor },
): Promise<string> {
  const id = randomUUID();
  await db.$transaction(async (write) => {
    await write.job.create({
      data: {
        id,
        kind: job.kind,
        input: JSON.stringify(job.input),
        state: "waiting",
        total: job.total,
        actor: job.actor.name,
        origin: job.actor.origin,
        scope: scope === null ? null : JSON.stringify(scope),
        createdAt: new Date(),
      },
    });
    // What it comes to is an entry of its own when it ends.
    await auditJob(write, "job.start", id, job.actor);
  });
  return id;
}

export async function findJob({ db, scope }: Scoped, id: string): Promise<Job | undefined> {
  const row = await db.job.findUnique({ where: { id } });
  const job = row ? toJob(row) : undefined;
  return job && coversScope(scope, job.scope) ? job : undefined;
}

/** Jobs that are under way or ended lately, the newest first. */
export async function recentJobs(scoped: Scoped, limit: number): Promise<Job[]> {
  return await pageOfJobs(scoped, limit);
}

/** The same from after a job on: older ones. None where there is no such job. */
export async function pageOfJobs(scoped: Scoped, limit: number, after?: string): Promise<Job[]> {
  const { db, scope } = scoped;
  let last = after === undefined ? undefined : await findJob(scoped, after);
  if (after !== undefined && !last) return [];
  const found: Job[] = [];
  // Others' jobs lie between.
  for (;;) {
    const rows = await db.job.findMany({
      where: {
        ...(scope === null ? {} : { scope: { not: null } }),
        ...(last
          ? {
              OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }],
            }
          : {}),
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit,
    });
    const jobs = rows.map(toJob);
    found.push(...jobs.filter((job) => coversScope(scope, job.scope)));
    if (rows.length < limit || found.length >= limit) return found.slice(0, limit);
    last = jobs.at(-1);
  }
}

/** Takes a job that nobody works at: one that waits, or whose process died. Only one process gets it. */
export async function claimJob(db: Database, id?: string): Promise<Job | undefined> {
  const stale = new Date(Date.now() - BEAT_TIMEOUT_MS);
  const candidates = await db.job.findMany({
    where: {
      ...(id === undefined ? {} : { id }),
      OR: [{ state: "waiting" }, { state: { in: ["running", "cancelling"] }, beatAt: { lt: stale } }],
    },
    orderBy: { createdAt: "asc" },
    take: 1,
  });
  const found = candidates[0];
  if (!found) return undefined;
  const { count } = await db.job.updateMany({
    where: { id: found.id, state: found.state, beatAt: found.beatAt },
    data: {
      state: found.state === "cancelling" ? "cancelling" : "running",
      startedAt: found.startedAt ?? new Date(),
      beatAt: new Date(),
    },
  });
  return count === 1
    ? toJob({ ...found, state: found.state === "cancelling" ? "cancelling" : "running" })
    : undefined;
}

/** Writes down how far it is. Returns false when somebody wants it to stop. */
export async function reportProgress(
  db: Database | Write,
  id: string,
  progress: { done: number; total?: number; position?: unknown },
): Promise<boolean> {
  const { state } = await db.job.update({
    where: { id },
    data: {
      done: progress.done,
      beatAt: new Date(),
      ...(progress.total === undefined ? {} : { total: progress.total }),
      ...(progress.position === undefined ? {} : { position: JSON.stringify(progress.position) }),
    },
    select: { state: true },
  });
  return state === "running";
}

/** Asks for a stop after the step that is under way; what was done by then stays. */
export async function cancelJob(scoped: Scoped, id: string, actor: Actor): Promise<void> {
  const { db } = scoped;
  if (!(await findJob(scoped, id))) return;
  await db.$transaction(async (write) => {
    const waiting = await write.job.updateMany({
      where: { id, state: "waiting" },
      data: { state: "cancelled", finishedAt: new Date() },
    });
    const running = await write.job.updateMany({
      where: { id, state: "running" },
      data: { state: "cancelling" },
    });
    if (waiting.count + running.count > 0) await auditJob(write, "job.cancel", id, actor);
  });
}

/** Lets a cancelled or failed job go on from where it stopped; not one that works with a higher rank than one's own. */
export async function resumeJob(scoped: Scoped, id: string, actor: Actor, rank: Rank): Promise<void> {
  const { db } = scoped;
  const job = await findJob(scoped, id);
  if (!job || !mayGoOn(job, rank)) return;
  await db.$transaction(async (write) => {
    const { count } = await write.job.updateMany({
      where: { id, state: { in: ["cancelled", "failed"] } },
      data: { state: "waiting", finishedAt: null, beatAt: null },
    });
    if (count > 0) await auditJob(write, "job.resume", id, actor);
  });
}

async function auditJob(write: Write, action: string, id: string, actor: Actor): Promise<void> {
  const { kind, total } = await write.job.findUniqueOrThrow({ where: { id } });
  const sentences = [total > 0 ? `${kind}, ${total.toLocaleString("en")} to do` : kind];
  await audit(write, { actor, action, outcome: "done", subject: `job ${id}`, sentences });
}

export async function endJob(
  db: Database,
  id: string,
  state: "cancelled" | "done" | "failed",
  notes: readonly string[],
): Promise<void> {
  await db.job.update({
    where: { id },
    data: { state, notes: JSON.stringify(notes), finishedAt: new Date() },
  });
}

function toJob(row: {
  id: string;
  kind: string;
  input: string;
  state: string;
  total: number;
  done: number;
  position: string;
  notes: string;
  actor: string;
  origin: string;
  scope: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}): Job {
  const { input, position, notes, actor, origin, state, scope, ...facts } = row;
  return {
    ...facts,
    state: state as JobState,
    scope: scope === null ? null : (JSON.parse(scope) as string[]),
    input: JSON.parse(input) as unknown,
    position: JSON.parse(position) as unknown,
    notes: JSON.parse(notes) as string[],
    actor: { name: actor, origin: origin as Actor["origin"] },
  };
}
