import type { Standing } from "@/lib/core/alerts/alert";
import { accessEnforcement } from "../access/enforcement";
import { FILES_KEY, mailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";
import { troublesOf } from "../overview/needs";

/** Looks at everything, now, and tells what somebody must look at; some 150 ms of `doveconf` and a connection to each port. */
export async function lookForTroubles(node: MailNode): Promise<Standing[]> {
  const status = await mailserverStatus(node);
  const found = await troublesOf(node.db, status, await accessEnforcement(node));
  // Which of them was edited, removed or replaced is told as drift within seconds: the same would be told twice.
  return found.filter(({ key }) => key !== FILES_KEY);
}
