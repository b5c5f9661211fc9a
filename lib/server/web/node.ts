import { type MailNode, openNode } from "../node";
import type { Operator } from "./session";

/** The mail node as an operator may see it. */
export async function nodeFor({ scope }: Operator): Promise<MailNode> {
  return { ...(await openNode()), scope };
}
