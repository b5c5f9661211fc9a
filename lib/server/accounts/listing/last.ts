import type { Database } from "../../database/client";
import { addJob } from "../../jobs/store";
import type { Actor } from "../../mailserver/revisions";
import { type Listed, listingSentence } from "./sync";

/** The newest reading of the list of accounts, and whether one is asked for or under way. */
export interface ListingFacts {
  last:
    | {
        source: string;
        actor: string;
        at: Date;
        /** A process that died leaves one that is never finished. */
        outcome: "running" | Listed["outcome"];
        sentence: string;
        notes: string[];
      }
    | undefined;
  /** A job that lists, waiting or at work. */
  jobId: string | undefined;
}

export async function listingFacts(db: Database): Promise<ListingFacts> {
  const [row, job] = await Promise.all([
    db.listing.findFirst({ orderBy: { number: "desc" } }),
    db.job.findFirst({ where: { kind: "sync", state: { in: ["waiting", "running"] } } }),
  ]);
  const last = row && {
    source: row.source,
    actor: row.actor,
    at: row.finishedAt ?? row.startedAt,
    outcome: row.outcome as Listed["outcome"] | "running",
    sentence: listingSentence({ ...row, outcome: row.outcome as Listed["outcome"] }),
    notes: JSON.parse(row.notes) as string[],
  };
  return { last: last ?? undefined, jobId: job?.id };
}

/** Asks for a listing of the server's accounts; one that waits or is under way is the one. Returns the job's id. */
export async function startListing(db: Database, actor: Actor): Promise<string> {
  const { jobId } = await listingFacts(db);
  if (jobId !== undefined) return jobId;
  const total = await db.account.count({ where: { vanishedAt: null } });
  return await addJob({ db, scope: null }, { kind: "sync", input: {}, total, actor });
}
