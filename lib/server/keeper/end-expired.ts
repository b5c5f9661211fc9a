import type { Edit } from "@/lib/core/access/edits";
import type { Protocol } from "@/lib/core/access/rules";
import { changeAccess } from "../access/change";
import type { Write } from "../database/client";
import type { MailNode } from "../node";

const AT_ONCE = 500;

/**
 * Clears away rules that have ended. The daemon's own query stopped heeding them at that second; this is for the history
 * and the lists.
 */
export async function endExpired(node: MailNode): Promise<void> {
  const ended = { until: { lte: Math.floor(Date.now() / 1000) } };
  const [policies, suspensions] = await Promise.all([
    node.db.policy.findMany({ where: ended, take: AT_ONCE }),
    node.db.suspension.findMany({ where: ended, take: AT_ONCE }),
  ]);
  // One change each, so that the history of an account tells of its own end only; and none where somebody gave the rule
  // another end in this moment.
  for (const { subject, protocol } of policies) {
    const edit: Edit = {
      kind: "policy",
      subject,
      protocol: protocol as Protocol,
      state: "inherit",
      until: null,
    };
    await end(
      node,
      edit,
      async (write) => (await write.policy.count({ where: { subject, protocol, ...ended } })) > 0,
    );
  }
  for (const { id, subject } of suspensions)
    await end(
      node,
      { kind: "lift", subject, id },
      async (write) => (await write.suspension.count({ where: { id, ...ended } })) > 0,
    );
}

async function end(node: MailNode, edit: Edit, onlyIf: (write: Write) => Promise<boolean>): Promise<void> {
  await changeAccess(node, {
    actor: { name: "Portcullis", origin: "keeper" },
    rank: "administrator",
    reason: "its end was reached",
    edits: [edit],
    onlyIf,
  });
}
