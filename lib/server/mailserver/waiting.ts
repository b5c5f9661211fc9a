import { changesBetween } from "@/lib/core/settings/changes";
import { readPatch } from "@/lib/core/settings/schema";
import type { Database } from "../database/client";
import type { ProposalState } from "./proposals";
import { latestRevision } from "./revisions";

/** A change that somebody kept and that is not in force. */
export interface WaitingChange {
  id: string;
  state: Extract<ProposalState, "scheduled" | "failed" | "open">;
  /** What it would change now, a sentence each; empty where everything is so already. */
  sentences: string[];
  author: string;
  createdAt: Date;
  /** Of a scheduled one. */
  applyAt: Date | null;
}

/** Those with a time, by their time; those that failed; those that nobody decided about: at most `limit` of each. */
export async function waitingChanges(db: Database, limit: number): Promise<WaitingChange[]> {
  const inState = async (state: WaitingChange["state"]) =>
    await db.proposal.findMany({
      where: { state },
      orderBy: state === "scheduled" ? { applyAt: "asc" } : { createdAt: "desc" },
      take: limit,
    });
  const [{ values }, scheduled, failed, open] = await Promise.all([
    latestRevision(db),
    inState("scheduled"),
    inState("failed"),
    inState("open"),
  ]);
  return [...scheduled, ...failed, ...open].map(({ id, state, patch, author, createdAt, applyAt }) => ({
    id,
    state: state as WaitingChange["state"],
    sentences: changesBetween(values, { ...values, ...readPatch(JSON.parse(patch)).values }).map(
      ({ sentence }) => sentence,
    ),
    author,
    createdAt,
    applyAt: state === "scheduled" ? applyAt : null,
  }));
}
