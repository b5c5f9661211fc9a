import { LockTimeout } from "@/lib/system/lock";
import { serverSource } from "../accounts/listing/sources";
import { syncAccounts } from "../accounts/listing/sync";
import type { MailNode } from "../node";

/** The accounts are listed so often; new ones come to the pages no later. */
const EVERY_MS = 60 * 60_000;

/** Lists the server's accounts when the last listing is old, or there was none. A file's list is the operator's own business. */
export async function keepListing(node: MailNode): Promise<void> {
  const last = await node.db.listing.findFirst({ orderBy: { number: "desc" } });
  if (last && last.source !== "server") return;
  if (last && Date.now() - last.startedAt.getTime() < EVERY_MS) return;
  try {
    await syncAccounts(node, { name: "Portcullis", origin: "keeper" }, serverSource(node.instance));
  } catch (error) {
    if (!(error instanceof LockTimeout)) throw error;
  }
}
