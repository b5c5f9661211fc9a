import type { BulkAct, BulkTarget } from "@/lib/core/access/bulk";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { BulkPreviewView } from "@/lib/core/access/views";
import { sentenceFor } from "../jobs/bulk";
import type { Scoped } from "../node";
import { previewBulk } from "./bulk-preview";

/** What an act upon many would do, with its sentence; of the first `limit` accounts. */
export async function bulkView(
  scoped: Scoped,
  target: BulkTarget,
  act: BulkAct,
  limit: number,
): Promise<BulkPreviewView> {
  const { examples, ...counts } = await previewBulk(scoped, target, act, limit);
  return {
    ...counts,
    sentence: sentenceFor(act, counts.changing),
    examples: examples.map(({ address, protocols }) => ({
      address,
      states: protocolsOf(act).map((protocol) => ({ protocol, ...protocols[protocol] })),
    })),
  };
}

function protocolsOf(act: BulkAct): readonly Protocol[] {
  if (act.kind === "policy") return act.protocols;
  return act.protocol === "all" ? PROTOCOLS : [act.protocol];
}
