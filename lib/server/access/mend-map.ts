import type { MapRow } from "@/lib/core/access/map-rows";
import type { Subject } from "@/lib/core/access/subject";
import { MachineFailure } from "@/lib/core/apply/ports";
import { endAuthWorkers } from "@/lib/system/access/auth-workers";
import type { MailNode } from "../node";
import { wantedSequence } from "./sequence";
import { byKey, wantedRows } from "./wanted-rows";

/** What was wrong with the access map, and is mended. */
export interface Mended {
  /** It was missing or damaged and was made anew. */
  rebuilt: boolean;
  /** Rows that were not as wanted. */
  rows: number;
}

/** A lock on the map that is held for a second refuses every login, so that many rows are written at a time. */
const CHUNK = 1000;

/**
 * Brings the access map to what is wanted, whatever happened to it: the panel died between its two commits, the
 * file was edited, damaged or removed. Compares every row; a map that is right is only read.
 */
export async function mendMap(node: MailNode): Promise<Mended> {
  try {
    node.map.sequence();
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    await node.map.rebuild(wantedRows(node.db), await wantedSequence(node));
    await endAuthWorkers(node.instance, "all");
    return { rebuilt: true, rows: 0 };
  }
  let rows = 0;
  let beyond: Subject = "";
  for (;;) {
    const mended = await mendChunk(node, beyond);
    rows += mended.rows;
    // What took several transactions is compared once more: others may have changed what was passed already.
    if (mended.reached === undefined && beyond === "") break;
    beyond = mended.reached ?? "";
  }
  await endAuthWorkers(node.instance, "stale");
  return { rebuilt: false, rows };
}

interface MendedChunk {
  rows: number;
  /** The last subject that is right, where there may be more to mend beyond it. */
  reached: Subject | undefined;
}

/** Under the map's lock, so that no change of somebody else lies between what is read of the two. */
async function mendChunk(node: MailNode, beyond: Subject): Promise<MendedChunk> {
  return await node.map.exclusively(async (map) => {
    const { put, remove, reached } = await differences(node, beyond);
    map.remove(remove);
    map.put(put);
    if (reached === undefined && beyond === "") map.setSequence(await wantedSequence(node));
    return { rows: put.length + remove.length, reached };
  });
}

interface Differences {
  put: MapRow[];
  remove: MapRow[];
  reached: Subject | undefined;
}

/** Of the subjects beyond one, up to the first whose rows make a chunk full. */
async function differences(node: MailNode, beyond: Subject): Promise<Differences> {
  const put: MapRow[] = [];
  const remove: MapRow[] = [];
  const found = node.map.rows(beyond)[Symbol.iterator]();
  let there = found.next();
  let reached = beyond;
  const isFullBefore = (subject: Subject) => {
    if (put.length + remove.length >= CHUNK && subject !== reached) return true;
    reached = subject;
    return false;
  };
  for await (const page of wantedRows(node.db, beyond)) {
    for (const wanted of page) {
      while (!there.done && byKey(there.value, wanted) < 0) {
        if (isFullBefore(there.value.k)) return { put, remove, reached };
        remove.push(there.value);
        there = found.next();
      }
      if (isFullBefore(wanted.k)) return { put, remove, reached };
      const isThere = !there.done && byKey(there.value, wanted) === 0;
      if (!isThere || there.value.state !== wanted.state || there.value.until !== wanted.until)
        put.push(wanted);
      if (isThere) there = found.next();
    }
  }
  while (!there.done) {
    if (isFullBefore(there.value.k)) return { put, remove, reached };
    remove.push(there.value);
    there = found.next();
  }
  return { put, remove, reached: undefined };
}
