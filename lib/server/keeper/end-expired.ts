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
  // In the order of the index that finds them: in that of their keys, a million would be looked at every few seconds.
  const some = { where: ended, orderBy: { until: "asc" }, take: AT_ONCE } as const;
  const [policies, suspensions] = await Promise.all([
    node.db.policy.findMany(some),
    node.db.suspension.findMany(some),
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
