import { MachineFailure } from "@/lib/core/apply/ports";
import { LockTimeout } from "@/lib/system/lock";
import type { MailNode } from "../node";
import type { Actor } from "./revisions";
import { undoRevision } from "./undo";

/**
 * Takes back a revision on trial, because nobody confirmed it or somebody asks for it: only what it changed and nobody
 * changed since. Returns why it could not be, or undefined where it was. It may be called again after a crash.
 */
export async function revertTrial(
  node: MailNode,
  revision: number,
  actor: Actor,
): Promise<string | undefined> {
  // Whoever confirms from here on is too late.
  const claimed = await node.db.trial.updateMany({
    where: { revisionNumber: revision, state: { in: ["waiting", "reverting"] } },
    data: { state: "reverting" },
  });
  if (claimed.count === 0) return undefined;
  const trial = await node.db.trial.findUnique({ where: { revisionNumber: revision } });
  const byItself = actor.origin === "keeper";
  try {
    const undone = await undoRevision(node, {
      number: revision,
      conflicts: "leave",
      reason: byItself
        ? `Nobody confirmed revision ${revision} within ${trial?.seconds ?? 0} seconds`
        : "Taken back",
      actor,
      authenticationOnly: true,
      replaceEdited: false,
      acceptWarnings: true,
      duringFreeze: true,
    });
    const result = undone.kind === "saved" ? undone.result : undefined;
    if (result && result.kind !== "done")
      return result.kind === "refused" || result.kind === "invalid"
        ? result.problems.map(({ message }) => message).join(" ")
        : "somebody saved in between.";
    await node.db.trial.update({
      where: { revisionNumber: revision },
      data: {
        state: "reverted",
        endedBy: actor.name,
        endedAt: new Date(),
        revertedBy: result?.saved?.number ?? null,
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof MachineFailure || error instanceof LockTimeout) return error.message;
    throw error;
  }
}
