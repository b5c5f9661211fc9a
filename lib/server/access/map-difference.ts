import type { MapRow } from "@/lib/core/access/map-rows";
import type { MailNode } from "../node";
import { byKey, wantedRows } from "./wanted-rows";

/** How many rows of the access map are otherwise than wanted: what mending it would change. Changes nothing. */
export async function mapDifference(node: MailNode): Promise<number> {
  let differ = 0;
  const found = node.map.rows()[Symbol.iterator]();
  let there = found.next();
  for await (const page of wantedRows(node.db)) {
    for (const wanted of page) {
      while (!there.done && byKey(there.value, wanted) < 0) {
        differ++;
        there = found.next();
      }
      const same: MapRow | undefined =
        !there.done && byKey(there.value, wanted) === 0 ? there.value : undefined;
      if (same?.state !== wanted.state || same.until !== wanted.until) differ++;
      if (same) there = found.next();
    }
  }
  for (; !there.done; there = found.next()) differ++;
  return differ;
}
