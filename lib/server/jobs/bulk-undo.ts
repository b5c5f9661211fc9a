import { z } from "zod";
import { RANKS } from "@/lib/core/access/rules";
import { auditChange } from "../access/audit-change";
import { inverseOf } from "../access/undo";
import { commitChunk } from "./commit-chunk";
import { Pace } from "./pace";
import { proveSample } from "./prove-sample";
import type { JobRunner } from "./run";

export const bulkUndoSchema = z.object({ changeId: z.number(), rank: z.enum(RANKS), reason: z.string() });

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
  const { changeId, reason } = bulkUndoSchema.parse(job.input);
  const original = await node.db.accessChange.findUniqueOrThrow({ where: { id: changeId } });
  const before = positionSchema.parse(job.position);
  let { undoId, after, changed, overtaken } = before ?? {
    undoId: null,
    after: null,
    changed: 0,
    overtaken: 0,
  };
  let done = job.done;
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
    overtaken += plan.overtaken.length;
    done += items.length;
    after = { subject: last.subject, protocol: last.protocol, kind: last.kind, ref: last.ref };
    const committed = await pace.timed(() =>
      commitChunk(node, job, {
        changeId: undoId,
        reason,
        sentence,
        undoesId: changeId,
        edits: plan.edits,
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
  if (undoId === null) return { state, notes };
  const undo = { changeId: undoId, sentences: [sentence], reason };
  await node.db.$transaction(async (write) => await auditChange(write, job.actor, undo));
  return { state, notes: [...notes, ...(await proveSample(node, undoId))] };
};
