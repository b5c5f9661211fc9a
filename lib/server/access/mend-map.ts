import type { MapRow } from "@/lib/core/access/map-rows";
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
  for (;;) {
    const mended = await mendChunk(node);
    rows += mended;
    if (mended >= CHUNK) continue;
    await endAuthWorkers(node.instance, "stale");
    return { rebuilt: false, rows };
  }
}

/** Under the map's lock, so that no change of somebody else lies between what is read of the two. */
async function mendChunk(node: MailNode): Promise<number> {
  return await node.map.exclusively(async (map) => {
    const { put, remove } = await differences(node, CHUNK);
    map.remove(remove);
    map.put(put);
    const count = put.length + remove.length;
    if (count < CHUNK) map.setSequence(await wantedSequence(node));
    return count;
  });
}

async function differences(node: MailNode, limit: number): Promise<{ put: MapRow[]; remove: MapRow[] }> {
  const put: MapRow[] = [];
  const remove: MapRow[] = [];
  const found = node.map.rows()[Symbol.iterator]();
  let there = found.next();
  const isFull = () => put.length + remove.length >= limit;
  for await (const page of wantedRows(node.db)) {
    for (const wanted of page) {
      while (!there.done && byKey(there.value, wanted) < 0 && !isFull()) {
        remove.push(there.value);
        there = found.next();
      }
      if (isFull()) return { put, remove };
      const isThere = !there.done && byKey(there.value, wanted) === 0;
      if (!isThere || there.value.state !== wanted.state || there.value.until !== wanted.until)
        put.push(wanted);
      if (isThere) there = found.next();
    }
  }
  while (!there.done && !isFull()) {
    remove.push(there.value);
    there = found.next();
  }
  return { put, remove };
}
