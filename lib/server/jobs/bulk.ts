import { z } from "zod";
import { type BulkAct, bulkInputSchema } from "@/lib/core/access/bulk";
import { bulkSentence } from "@/lib/core/access/edits";
import { editsFor } from "../access/bulk-edits";
import type { Database } from "../database/client";
import { tellInstant } from "../tell-instant";
import { closeChange, countSubjects, type LongChange } from "./close-change";
import { commitChunk } from "./commit-chunk";
import { Pace } from "./pace";
import type { JobRunner } from "./run";
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
 * It goes on where it stopped, after a cancel or a crash.
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
  const soFar = () => end(node.db, { changeId, changed, notAllowed, act, reason });
  const pace = new Pace();
  for (;;) {
    const { addresses, position } = await nextTargets(node, target, at, pace.size);
    if (addresses.length === 0) break;
    const part = await editsFor(node.db, act, addresses);
    notAllowed += part.notAllowed;
    done += addresses.length;
    at = position;
    const committed = await pace.timed(() =>
      commitChunk(node, job, {
        changeId,
        reason,
        sentence: sentenceFor(act, job.total),
        edits: part.edits,
        progress: (id, count) => ({
          done,
          total: Math.max(job.total, done),
          position: { changeId: id, at, changed: changed + count, notAllowed },
        }),
      }),
    );
    changeId = committed.changeId;
    changed += committed.changed;
    if (!committed.goOn) return await closeChange(node, job, { state: "cancelled", ...(await soFar()) });
  }
  return await closeChange(node, job, { state: "done", ...(await soFar()) });
};

interface BulkEnd {
  changeId: number | null;
  changed: number;
  notAllowed: number;
  act: BulkAct;
  reason: string;
}

async function end(db: Database, { act, notAllowed, ...rest }: BulkEnd): Promise<Omit<LongChange, "state">> {
  const above = `${notAllowed.toLocaleString("en")} suspensions were set by a higher rank and stand.`;
  const sentence = rest.changeId === null ? "" : await sentenceWhenDone(db, act, rest.changeId);
  return { ...rest, sentence, notes: notAllowed > 0 ? [above] : [] };
}

/** What is going to be done, to how many at most. */
export function sentenceFor(act: BulkAct, count: number): string {
  const subject = "";
  if (act.kind === "resume") return bulkSentence({ kind: "lift", subject, id: 0 }, count, tellInstant);
  if (act.kind === "suspend") return bulkSentence({ ...act, kind: "suspend", subject }, count, tellInstant);
  return act.protocols
    .map((protocol) => bulkSentence({ ...act, kind: "policy", subject, protocol }, count, tellInstant))
    .join("; ");
}

/** The same, with how many accounts it came to: what was so already is not counted, for each protocol by itself. */
async function sentenceWhenDone(db: Database, act: BulkAct, changeId: number): Promise<string> {
  if (act.kind !== "policy") return sentenceFor(act, await countSubjects(db, changeId));
  const counts = await db.accessChangeItem.groupBy({ by: ["protocol"], where: { changeId }, _count: true });
  return act.protocols
    .map((protocol) => ({ protocol, count: counts.find((one) => one.protocol === protocol)?._count ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ protocol, count }) => sentenceFor({ ...act, protocols: [protocol] }, count))
    .join("; ");
}
