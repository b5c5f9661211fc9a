import type { BulkInput } from "@/lib/core/access/bulk";
import { countAccounts } from "../accounts/query/count";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { doShortJob } from "./run";
import { addJob } from "./store";

/** So many accounts are changed while somebody waits for the answer: well under a second. */
const AT_ONCE = 200;

/**
 * Starts an act upon many; few are done when this returns. `counted` is how many the person was told of, 0 where that
 * isn't known. Returns the job's id.
 */
export async function startBulk(
  node: MailNode,
  input: BulkInput,
  { actor, counted }: { actor: Actor; counted: number },
): Promise<string> {
  const { target } = input;
  const known =
    "addresses" in target
      ? { count: target.addresses.length, isMore: false }
      : await countAccounts(node, target.filter, AT_ONCE);
  const total = known.isMore ? counted : known.count;
  const id = await addJob(node, { kind: "bulk-access", input, total, actor });
  if (!known.isMore && known.count <= AT_ONCE) await doShortJob(node, id);
  return id;
}
