import { z } from "zod";
import type { Outcome } from "@/lib/core/apply/outcome";
import { digestsOf, type InForce, type Prepared } from "@/lib/core/apply/prepare";
import type { MailNode } from "../node";
import { findRevision } from "./revisions";

const digestsSchema = z.record(z.string(), z.string());

/** What the daemon was last seen to run, or nothing before the first apply. */
export async function readInForce(node: MailNode): Promise<(InForce & { since: Date }) | undefined> {
  const row = await node.db.inForce.findUnique({ where: { node: node.name } });
  const revision = row ? await findRevision(node.db, row.revisionNumber) : undefined;
  if (!row || !revision) return undefined;
  return {
    revision: revision.number,
    values: revision.values,
    fileDigests: digestsSchema.parse(JSON.parse(row.fileHashes)),
    loadedMark: row.loadedMark,
    since: row.since,
  };
}

/** Writes down what a run of the engine saw: the attempt, and the state in force where it changed. */
export async function recordOutcome(
  node: MailNode,
  run: { id: string; revision: number; startedAt: Date; outcome: Outcome; prepared: Prepared | undefined },
): Promise<void> {
  const { outcome, prepared, revision } = run;
  await node.db.$transaction(async (write) => {
    if (outcome.kind !== "unchanged") {
      await write.attempt.create({
        data: {
          id: run.id,
          node: node.name,
          revisionNumber: revision,
          startedAt: run.startedAt,
          finishedAt: new Date(),
          outcome: outcome.kind,
          detail: JSON.stringify(outcome),
        },
      });
    }
    if (outcome.kind === "rolled-back") {
      // The way back may have been a reload: the files are as before, and the daemon has loaded these very ones.
      await write.inForce.updateMany({
        where: { node: node.name },
        data: { loadedMark: outcome.loadedMark },
      });
    }
    if (!prepared || (outcome.kind !== "applied" && outcome.kind !== "unchanged")) return;
    const row = {
      revisionNumber: revision,
      fileHashes: JSON.stringify(digestsOf(prepared.rendered.files, node.ports)),
      mark: prepared.rendered.mark,
      loadedMark: outcome.loadedMark,
      since: new Date(),
    };
    const known = await write.inForce.findUnique({ where: { node: node.name } });
    if (known?.revisionNumber === revision && known.loadedMark === row.loadedMark) return;
    await write.inForce.upsert({
      where: { node: node.name },
      create: { node: node.name, ...row },
      update: row,
    });
  });
}
