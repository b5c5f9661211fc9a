import type { Edit } from "@/lib/core/access/edits";
import { addChange } from "../access/change";
import { commitEdits } from "../access/commit-edits";
import type { MailNode } from "../node";
import { type Job, reportProgress } from "./store";

/** A part of a long change, and the change that all parts belong to. */
export interface Chunk {
  /** Null before the first. */
  changeId: number | null;
  reason: string;
  /** Of the change as a whole. */
  sentence: string;
  undoesId?: number;
  edits: readonly Edit[];
  /** How far the job has come with this part. */
  progress: (changeId: number, changed: number) => { done: number; total?: number; position: unknown };
}

/**
 * Commits a part of a long change, and that the job has come so far, in one transaction: a job that dies goes on with the
 * same change. `goOn` is false when somebody wants the job to stop.
 * @throws Error when the map can't be written: what follows would not be enforced either.
 */
export async function commitChunk(
  node: MailNode,
  job: Job,
  { changeId, reason, sentence, undoesId, edits, progress }: Chunk,
): Promise<{ changeId: number; changed: number; goOn: boolean }> {
  let goOn = true;
  const committed = await commitEdits(
    node,
    {
      begin: async (write) =>
        changeId ??
        (await addChange(write, job.actor, { reason, sentence, count: 0, undoesId: undoesId ?? null })),
      finish: async (write, id, changed) => {
        await write.accessChange.update({ where: { id }, data: { count: { increment: changed } } });
        goOn = await reportProgress(write, job.id, progress(id, changed));
      },
    },
    edits,
  );
  if (!committed.enforced) throw new Error(`Saved, and not enforced: ${committed.trouble}`);
  return { changeId: committed.changeId, changed: committed.changed, goOn };
}
