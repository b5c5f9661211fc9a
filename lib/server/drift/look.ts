import type { MailNode } from "../node";
import { findDrift } from "./find";
import { recordDrift, type StandingDrift, standingDrift } from "./record";

/** A thorough look now, written down. */
export async function lookForDrift(node: MailNode): Promise<StandingDrift[]> {
  await recordDrift(node.db, await findDrift(node));
  return await standingDrift(node.db);
}
