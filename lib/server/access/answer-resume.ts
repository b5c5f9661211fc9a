import type { Rank } from "@/lib/core/access/rules";
import type { AccessAnswer } from "@/lib/core/access/views";
import { coversSubject } from "@/lib/core/operators/roles";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { answerChange } from "./answer";

/** Lifts a suspension by its id, asks Dovecot, and tells both. */
export async function answerResume(
  node: MailNode,
  id: number,
  by: { actor: Actor; rank: Rank; reason: string },
): Promise<AccessAnswer> {
  const suspension = await node.db.suspension.findUnique({ where: { id } });
  if (!suspension || !coversSubject(node.scope, suspension.subject))
    return { kind: "not-allowed", sentence: "This suspension was lifted already, or has ended." };
  return await answerChange(node, { ...by, edits: [{ kind: "lift", subject: suspension.subject, id }] });
}
