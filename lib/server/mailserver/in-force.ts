import { z } from "zod";
import type { Outcome } from "@/lib/core/apply/outcome";
import { digestsOf, type InForce, type Prepared } from "@/lib/core/apply/prepare";
import type { Listener } from "@/lib/core/dovecot/effective";
import { audit } from "../audit";
import type { MailNode } from "../node";
import { outcomeEvent, type RunBy } from "./outcome-event";
import { findRevision } from "./revisions";

const digestsSchema = z.record(z.string(), z.string());
const listenersSchema: z.ZodType<Listener[]> = z.array(
  z.object({
    protocol: z.string(),
    service: z.string(),
    name: z.string(),
    address: z.string(),
    port: z.number(),
    tls: z.boolean(),
    haproxy: z.boolean(),
    open: z.boolean(),
  }),
);

export type RecordedInForce = InForce & { since: Date; listeners: Listener[] };

/** What the daemon was last seen to run, or nothing before the first apply. */
export async function readInForce(node: MailNode): Promise<RecordedInForce | undefined> {
  const row = await node.db.inForce.findUnique({ where: { node: node.name } });
  const revision = row ? await findRevision(node.db, row.revisionNumber) : undefined;
  if (!row || !revision) return undefined;
  return {
    revision: revision.number,
    values: revision.values,
    fileDigests: digestsSchema.parse(JSON.parse(row.fileHashes)),
    mark: row.mark,
    loadedMark: row.loadedMark,
    listeners: listenersSchema.parse(JSON.parse(row.listeners)),
    since: row.since,
  };
}

export interface Run {
  id: string;
  revision: number;
  startedAt: Date;
  outcome: Outcome;
  prepared: Prepared | undefined;
}

/** Writes down what a run of the engine saw: the attempt, the state in force where it changed, and who had it run. */
export async function recordOutcome(node: MailNode, run: Run, by: RunBy): Promise<void> {
  const { outcome, revision } = run;
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
      await audit(write, outcomeEvent(node, by, run));
    }
    if (outcome.kind === "rolled-back") {
      // The way back may have been a reload: the files are as before, and the daemon has loaded these very ones.
      await write.inForce.updateMany({
        where: { node: node.name },
        data: { loadedMark: outcome.loadedMark },
      });
    }
    const row = rowFor(node, run);
    if (!row) return;
    const known = await write.inForce.findUnique({ where: { node: node.name } });
    if (known && KEYS.every((key) => known[key] === row[key])) return;
    const since = known?.revisionNumber === revision ? known.since : new Date();
    await write.inForce.upsert({
      where: { node: node.name },
      create: { node: node.name, ...row, since },
      update: { ...row, since },
    });
  });
}

const KEYS = ["revisionNumber", "fileHashes", "mark", "loadedMark", "listeners"] as const;

function rowFor(node: MailNode, { outcome, prepared, revision }: Run) {
  if (!prepared || (outcome.kind !== "applied" && outcome.kind !== "unchanged")) return undefined;
  return {
    revisionNumber: revision,
    fileHashes: JSON.stringify(digestsOf(prepared.rendered.files, node.ports)),
    mark: prepared.rendered.mark,
    loadedMark: outcome.loadedMark,
    listeners: JSON.stringify(prepared.effective.listeners),
  };
}
