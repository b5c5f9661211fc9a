import { MachineFailure } from "@/lib/core/apply/ports";
import { latestRevision } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { wantedSequence } from "./sequence";

/** Where settings and rules stand; the same text twice means that nothing came in between. */
export interface Movement {
  mark: string;
  /** A save is on its way to the daemon, or a rule to the map: what the daemon says now may be true and is not the end. */
  settings: boolean;
  rules: boolean;
}

/** Says what is under way, so that a change that is just being made isn't taken for a contradiction. */
export async function movementOf(node: MailNode): Promise<Movement> {
  const [{ number }, inForce, attempt, sequence] = await Promise.all([
    latestRevision(node.db),
    node.db.inForce.findUnique({ where: { node: node.name } }),
    node.db.attempt.findFirst({ where: { node: node.name }, orderBy: { startedAt: "desc" } }),
    wantedSequence(node),
  ]);
  return {
    mark: [number, attempt?.id, inForce?.since.toISOString(), sequence].join(" "),
    // Whatever an attempt came to, it is over once it is written down.
    settings: inForce?.revisionNumber !== number && attempt?.revisionNumber !== number,
    rules: isBehind(node, sequence),
  };
}

function isBehind({ map }: MailNode, sequence: number): boolean {
  try {
    return map.sequence() < sequence;
  } catch (error) {
    // A map that can't be read has nothing on its way to it.
    if (error instanceof MachineFailure) return false;
    throw error;
  }
}
