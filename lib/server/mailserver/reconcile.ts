import { randomUUID } from "node:crypto";
import { hasDigests, sameFiles } from "@/lib/core/apply/prepare";
import { type FileSet, renderSettings } from "@/lib/core/dovecot/render";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { defaultSettings } from "@/lib/core/settings/schema";
import type { Database } from "../database/client";
import type { MailNode } from "../node";
import { type Applied, applyWanted, whileAlone } from "./apply";
import { completeHistory } from "./history";
import { readInForce, recordOutcome } from "./in-force";
import { type Actor, addRevision, latestRevision } from "./revisions";
import { isTakenBack } from "./trials";

const START: Actor = { name: "Portcullis", origin: "start" };

/** Writes revision 1 into a new database: the defaults, which the sandbox's first files were rendered from. */
export async function ensureFirstRevision(db: Database): Promise<void> {
  await db.$transaction(async (write) => {
    if ((await write.revision.count()) > 0) return;
    await addRevision(write, { number: 1, values: defaultSettings, actor: START, reason: "First start" });
  });
  await completeHistory(db);
}

/** Finishes or undoes a run that a crash cut off. Before anything else reads or starts the daemon. */
export async function recoverInterrupted(
  node: MailNode,
): Promise<{ revision: number; wentBack: boolean } | undefined> {
  return await whileAlone(node, START, "mending an interrupted change", async () => {
    const startedAt = new Date();
    const recovery = await node.engine.recover(node.ports);
    if (!recovery) return undefined;
    const { revision, outcome } = recovery;
    if (outcome)
      await recordOutcome(
        node,
        { id: randomUUID(), revision, startedAt, outcome, prepared: undefined },
        { actor: START, action: "mailserver.recover", reason: "A change was cut off by a crash." },
      );
    return { revision, wentBack: outcome !== undefined };
  });
}

export type Reconciliation =
  | { kind: "applied"; applied: Applied }
  /** The wanted revision was tried before and went back: it is not tried again by itself. */
  | { kind: "left"; revision: number }
  /** Somebody edited the generated file: it is shown, not overwritten. */
  | { kind: "edited" };

/**
 * Compares what is wanted with what is in force, at start: a hand edit is reported; a revision that failed is left;
 * one that was saved and never applied is applied now. `wentBack` is the revision whose way back was just finished.
 */
export async function reconcile(node: MailNode, wentBack?: number): Promise<Reconciliation> {
  const [wanted, inForce, live] = await Promise.all([
    latestRevision(node.db),
    readInForce(node),
    node.ports.readLive(),
  ]);
  if (
    inForce &&
    live &&
    !hasDigests(live, inForce, node.ports) &&
    !(await isWanted(node, live, wanted.values))
  )
    return { kind: "edited" };
  const attempt = await node.db.attempt.findFirst({
    where: { node: node.name, revisionNumber: wanted.number },
    orderBy: { startedAt: "desc" },
  });
  const failed =
    wentBack === wanted.number ||
    attempt?.outcome === "rolled-back" ||
    (await isTakenBack(node, wanted.number));
  if (failed) return { kind: "left", revision: wanted.number };
  return { kind: "applied", applied: await applyWanted(node, START, { replaceEdited: false }) };
}

async function isWanted(node: MailNode, live: FileSet, values: SettingsValues): Promise<boolean> {
  return sameFiles(live, renderSettings(values, await node.ports.target(), node.ports.digest).files);
}
