import { z } from "zod";
import { type BulkAct, bulkInputSchema } from "@/lib/core/access/bulk";
import { bulkSentence, type Edit } from "@/lib/core/access/edits";
import { editsFor } from "../access/bulk-edits";
import { addChange, auditChange } from "../access/change";
import { commitEdits } from "../access/commit-edits";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { Pace } from "./pace";
import { proveSample } from "./prove-sample";
import type { JobEnd, JobRunner } from "./run";
import { type Job, reportProgress } from "./store";
import { nextTargets } from "./targets";

/** Where a bulk stands: the change that it belongs to, and the last account it came to. */
const positionSchema = z
  .object({
    changeId: z.number().nullable(),
    at: z.union([z.number(), z.object({ domain: z.string(), address: z.string() })]).nullable(),
    changed: z.number(),
    notAllowed: z.number(),
  })
  .nullable();

/**
 * One act upon many accounts, as one change of the history, in chunks that hold the map's lock for a moment each.
 * It goes on where it stopped, after a cancel or a crash: an account is done twice at worst, which changes nothing.
 */
export const runBulk: JobRunner = async (node, job) => {
  const { target, act, reason } = bulkInputSchema.parse(job.input);
  const before = positionSchema.parse(job.position);
  let { changeId, at, changed, notAllowed } = before ?? {
    changeId: null,
    at: null,
    changed: 0,
    notAllowed: 0,
  };
  let done = job.done;
  const pace = new Pace();
  for (;;) {
    const { addresses, position } = await nextTargets(node.db, target, at, pace.size);
    if (addresses.length === 0) break;
    const part = await editsFor(node.db, act, addresses);
    const committed = await pace.timed(() =>
      commitPart(node, job, { act, reason, changeId, edits: part.edits }),
    );
    changeId = committed.changeId;
    changed += committed.changed;
    notAllowed += part.notAllowed;
    done += addresses.length;
    at = position;
    const goOn = await reportProgress(node.db, job.id, {
      done,
      total: Math.max(job.total, done),
      position: { changeId, at, changed, notAllowed },
    });
    if (!goOn) return await finish(node, job, { state: "cancelled", changeId, changed, notAllowed, act });
  }
  return await finish(node, job, { state: "done", changeId, changed, notAllowed, act });
};

interface Part {
  act: BulkAct;
  reason: string;
  changeId: number | null;
  edits: readonly Edit[];
}

async function commitPart(node: MailNode, job: Job, { act, reason, changeId, edits }: Part) {
  const committed = await commitEdits(
    node,
    {
      begin: async (write) =>
        changeId ??
        (await addChange(write, job.actor, {
          reason,
          sentence: sentenceFor(act, job.total),
          count: 0,
          undoesId: null,
        })),
      finish: async (write, id, changed) => {
        await write.accessChange.update({ where: { id }, data: { count: { increment: changed } } });
      },
    },
    edits,
  );
  // A map that can't be written would leave everything that follows unenforced as well.
  if (!committed.enforced) throw new Error(`Saved, and not enforced: ${committed.trouble}`);
  return committed;
}

interface BulkEnd {
  state: JobEnd["state"];
  changeId: number | null;
  changed: number;
  notAllowed: number;
  act: BulkAct;
}

async function finish(node: MailNode, job: Job, end: BulkEnd): Promise<JobEnd> {
  const { state, changeId, changed, notAllowed, act } = end;
  const notes = [`${many(changed)} ${changed === 1 ? "rule" : "rules"} changed.`];
  if (notAllowed > 0) notes.push(`${many(notAllowed)} suspensions were set by a higher rank and stand.`);
  if (changeId === null) return { state, notes };
  if (changed === 0) {
    await node.db.accessChange.delete({ where: { id: changeId } });
    return { state, notes: ["Everything was so already."] };
  }
  const sentence = sentenceFor(act, changed);
  await node.db.$transaction(async (write) => {
    await write.accessChange.update({ where: { id: changeId }, data: { sentence } });
    const { reason } = bulkInputSchema.parse(job.input);
    await auditChange(write, job.actor, [sentence], reason);
  });
  return { state, notes: [...notes, ...(await proveSample(node, changeId))] };
}

function sentenceFor(act: BulkAct, count: number): string {
  const subject = "";
  if (act.kind === "resume") return bulkSentence({ kind: "lift", subject, id: 0 }, count, tellInstant);
  if (act.kind === "suspend") return bulkSentence({ ...act, kind: "suspend", subject }, count, tellInstant);
  return act.protocols
    .map((protocol) => bulkSentence({ ...act, kind: "policy", subject, protocol }, count, tellInstant))
    .join("; ");
}

function many(count: number): string {
  return count.toLocaleString("en");
}
