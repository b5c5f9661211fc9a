import { randomUUID } from "node:crypto";
import type { Outcome } from "@/lib/core/apply/outcome";
import type { Preparation, Prepared } from "@/lib/core/apply/prepare";
import { withLock } from "@/lib/system/lock";
import { log } from "../log";
import type { MailNode } from "../node";
import { readInForce, recordOutcome } from "./in-force";
import { type Actor, latestRevision } from "./revisions";

/** A way back may take half a minute; whoever waits longer than this is told who holds the lock. */
const LOCK_WAIT_MS = 90_000;

export interface Applied {
  revision: number;
  outcome: Outcome;
  /** The daemon was dealt with, and it could not be written down: the database's complaint. */
  unrecorded?: string;
}

/** One change at a time on a node, whichever process or page it comes from. */
export async function whileAlone<T>(
  node: MailNode,
  actor: Actor,
  why: string,
  action: () => Promise<T>,
): Promise<T> {
  return await withLock(
    node.home.lock,
    { who: `${actor.name} (${actor.origin})`, why, waitMs: LOCK_WAIT_MS },
    action,
  );
}

/** Brings the wanted state into force: the one in the database at the moment the lock is held. */
export async function applyWanted(
  node: MailNode,
  actor: Actor,
  options: { replaceEdited: boolean },
): Promise<Applied> {
  return await whileAlone(node, actor, "applying the wanted state", async () => {
    const wanted = await latestRevision(node.db);
    const preparation = await node.engine.prepare(node.ports, wanted.values, await readInForce(node));
    return await commitRevision(node, actor, wanted.number, preparation, options);
  });
}

interface CommitOptions {
  replaceEdited: boolean;
  runId?: string;
  reason?: string;
  trial?: number | undefined;
}

/** Call it under the lock, with what was prepared under the same lock. */
export async function commitRevision(
  node: MailNode,
  actor: Actor,
  revision: number,
  preparation: Preparation,
  { replaceEdited, runId = randomUUID(), reason = "", trial }: CommitOptions,
): Promise<Applied> {
  const startedAt = new Date();
  const prepared: Prepared | undefined = preparation.ok ? preparation.prepared : undefined;
  const outcome: Outcome = preparation.ok
    ? await node.engine.commit(node.ports, preparation.prepared, { revision, replaceEdited, trial })
    : { kind: "rejected", problems: preparation.problems };
  try {
    await recordOutcome(
      node,
      { id: runId, revision, startedAt, outcome, prepared },
      { actor, action: "mailserver.apply", reason },
    );
  } catch (error) {
    // What the daemon does now must be answered all the same: it is what people's mail depends on.
    log.error({ err: error, revision, outcome: outcome.kind }, "The outcome could not be recorded");
    return { revision, outcome, unrecorded: UNRECORDED };
  }
  return { revision, outcome };
}

const UNRECORDED =
  "It could not be written to the panel's database (full or locked?), so the history lacks it.";
