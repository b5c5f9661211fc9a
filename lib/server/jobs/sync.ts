import { serverSource } from "../accounts/listing/sources";
import { listingSentence, syncAccounts } from "../accounts/listing/sync";
import type { JobRunner } from "./run";
import { reportProgress } from "./store";

/** Reads the server's list of accounts. It is not cut off in the middle: that would only make it partial. */
export const runSync: JobRunner = async (node, job) => {
  const listed = await syncAccounts(node, job.actor, serverSource(node.instance), async (found) => {
    await reportProgress(node.db, job.id, { done: found, total: Math.max(job.total, found) });
  });
  if (listed.outcome === "failed")
    throw new Error(listed.notes.join(" ") || "The accounts could not be listed.");
  return { state: "done", notes: [listingSentence(listed), ...listed.notes] };
};
