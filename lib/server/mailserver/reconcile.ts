import { randomUUID } from "node:crypto";
import { recover } from "@/lib/core/apply/recover";
import { defaultSettings } from "@/lib/core/settings/schema";
import type { Database } from "../database/client";
import type { MailNode } from "../node";
import { type Applied, applyWanted, whileAlone } from "./apply";
import { recordOutcome } from "./in-force";
import { type Actor, addRevision, latestRevision } from "./revisions";

const START: Actor = { name: "Portcullis", origin: "start" };

/** Writes revision 1 into a new database: the defaults, which the sandbox's first files were rendered from. */
export async function ensureFirstRevision(db: Database): Promise<void> {
  await db.$transaction(async (write) => {
    if ((await write.revision.count()) > 0) return;
    await addRevision(write, { number: 1, values: defaultSettings, actor: START, reason: "First start" });
  });
}

/** Finishes or undoes a run that a crash cut off. Before anything else reads or starts the daemon. */
export async function recoverInterrupted(
  node: MailNode,
): Promise<{ revision: number; wentBack: boolean } | undefined> {
  return await whileAlone(node, START, "mending an interrupted change", async () => {
    const startedAt = new Date();
    const recovery = await recover(node.ports);
    if (!recovery) return undefined;
    const { revision, outcome } = recovery;
    if (outcome)
      await recordOutcome(node, { id: randomUUID(), revision, startedAt, outcome, prepared: undefined });
    return { revision, wentBack: outcome !== undefined };
  });
}

export type Reconciliation =
  | { kind: "applied"; applied: Applied }
  /** The wanted revision was tried before and went back: it is not tried again by itself. */
  | { kind: "left"; revision: number; outcome: string }
  /** Somebody edited the generated file: it is shown, not overwritten. */
  | { kind: "edited" };

/**
 * Compares what is wanted with what is in force, at start: a revision that was saved and never applied is applied
 * now; one that failed is reported; a hand edit is reported.
 */
export async function reconcile(node: MailNode): Promise<Reconciliation> {
  const wanted = await latestRevision(node.db);
  const attempt = await node.db.attempt.findFirst({
    where: { node: node.name, revisionNumber: wanted.number },
    orderBy: { startedAt: "desc" },
  });
  if (attempt?.outcome === "rolled-back")
    return { kind: "left", revision: wanted.number, outcome: attempt.outcome };
  const applied = await applyWanted(node, START, { replaceEdited: false });
  const { outcome } = applied;
  if (outcome.kind === "rejected" && outcome.problems.some(({ key }) => key === "replaceEdited"))
    return { kind: "edited" };
  return { kind: "applied", applied };
}
