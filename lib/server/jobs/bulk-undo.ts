import { z } from "zod";
import type { Edit } from "@/lib/core/access/edits";
import { mayLift, RANKS, type Rank } from "@/lib/core/access/rules";
import { hookEvent } from "@/lib/core/hooks/event";
import { auditChange } from "../access/audit-change";
import { inverseOf } from "../access/undo";
import type { Database } from "../database/client";
import { noteForHooks } from "../hooks/tell";
import { bulkUndoSchema } from "./bulk-undo-input";
import { commitChunk } from "./commit-chunk";
import { jobChange } from "./job-change";
import { Pace } from "./pace";
import { proveSample } from "./prove-sample";
import type { JobRunner } from "./run";

const positionSchema = z
  .object({
    undoId: z.number().nullable(),
    after: z
      .object({ subject: z.string(), protocol: z.string(), kind: z.string(), ref: z.number() })
      .nullable(),
    changed: z.number(),
    overtaken: z.number(),
  })
  .nullable();

/** Takes back a change of many rules, chunk by chunk; what later changes touched stays as it is. */
export const runBulkUndo: JobRunner = async (node, job) => {
  const { changeId, rank, reason } = bulkUndoSchema.parse(job.input);
  const original = await node.db.accessChange.findUniqueOrThrow({ where: { id: changeId } });
  const before = positionSchema.parse(job.position);
  let { undoId, after, changed, overtaken } = before ?? {
    undoId: null,
    after: null,
    changed: 0,
    overtaken: 0,
  };
  let done = job.done;
  let tooHigh = 0;
  let state: "done" | "cancelled" = "done";
  const sentence = `Undo change ${changeId}: ${original.sentence}`;
  const pace = new Pace();
  for (;;) {
    const items = await node.db.accessChangeItem.findMany({
      where: { changeId },
      orderBy: [{ subject: "asc" }, { protocol: "asc" }, { kind: "asc" }, { ref: "asc" }],
      ...(after ? { cursor: { changeId_subject_protocol_kind_ref: { changeId, ...after } }, skip: 1 } : {}),
      take: pace.size,
    });
    const last = items.at(-1);
    if (!last) break;
    const plan = await inverseOf(node.db, items);
    const { edits, notAllowed } = await withinRank(node.db, plan.edits, rank);
    tooHigh += notAllowed;
    overtaken += plan.overtaken.length;
    done += items.length;
    after = { subject: last.subject, protocol: last.protocol, kind: last.kind, ref: last.ref };
    const committed = await pace.timed(() =>
      commitChunk(node, job, {
        changeId: undoId,
        reason,
        sentence,
        undoesId: changeId,
        edits,
        progress: (id, count) => ({
          done,
          position: { undoId: id, after, changed: changed + count, overtaken },
        }),
      }),
    );
    undoId = committed.changeId;
    changed += committed.changed;
    if (!committed.goOn) {
      state = "cancelled";
      break;
    }
  }
  const notes = [`${changed.toLocaleString("en")} rules put back.`];
  if (overtaken > 0)
    notes.push(`${overtaken.toLocaleString("en")} were changed again since and stay as they are.`);
  if (tooHigh > 0)
    notes.push(`${tooHigh.toLocaleString("en")} suspensions were set by a higher rank and stand.`);
  if (undoId === null) return { state, notes };
  const undo = { changeId: undoId, sentences: [sentence], reason };
  await node.db.$transaction(async (write) => await auditChange(write, job.actor, undo));
  const made = { ...jobChange(job), sentences: [sentence], changeId: undoId, outcome: state };
  await noteForHooks(node, hookEvent(job.id, new Date(), "after", made));
  return { state, notes: [...notes, ...(await proveSample(node, undoId))] };
};

/** Without lifts of what a higher rank has set. */
async function withinRank(
  db: Database,
  edits: readonly Edit[],
  rank: Rank,
): Promise<{ edits: Edit[]; notAllowed: number }> {
  const lifted = edits.flatMap((edit) => (edit.kind === "lift" ? [edit.id] : []));
  const standing = await db.suspension.findMany({ where: { id: { in: lifted } } });
  const above = new Set(
    standing
      .filter((one) => !mayLift(rank, RANKS.find((known) => known === one.rank) ?? "administrator"))
      .map(({ id }) => id),
  );
  const kept = edits.filter((edit) => edit.kind !== "lift" || !above.has(edit.id));
  return { edits: kept, notAllowed: edits.length - kept.length };
}
