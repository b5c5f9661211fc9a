import { MachineFailure } from "@/lib/core/apply/ports";
import { LockTimeout } from "@/lib/system/lock";
import { audit } from "../audit";
import { FREEZE_KEY, freezeNow } from "../mailserver/freeze";
import { applyProposal, scheduledProposals } from "../mailserver/proposals";
import type { Actor } from "../mailserver/revisions";
import type { SaveResult } from "../mailserver/save";
import type { MailNode } from "../node";

/** A maintenance window that was missed by more than this is over: people work again. */
const LATEST_MS = 15 * 60_000;

const KEEPER: Actor = { name: "Portcullis", origin: "keeper" };

/** Brings into force what is to be applied by now, one after the other. */
export async function applyScheduled(node: MailNode): Promise<void> {
  const now = Date.now();
  for (const { id, applyAt, keepWithin } of await scheduledProposals(node.db)) {
    if (applyAt.getTime() > now) return;
    if (now - applyAt.getTime() > LATEST_MS) {
      await fail(
        node,
        id,
        "The panel did not run at the time at which it was to be applied, and it is too late now.",
      );
      continue;
    }
    try {
      const run = await applyProposal(node, id, KEEPER, { keepWithin });
      if (run.kind === "run" && run.result.kind !== "done") await refused(node, id, run.result);
    } catch (error) {
      if (!(error instanceof MachineFailure || error instanceof LockTimeout)) throw error;
      await fail(node, id, error.message);
    }
  }
}

/** A freeze puts it off until its end; anything else is for somebody to look at. */
async function refused(node: MailNode, id: string, result: SaveResult): Promise<void> {
  const isFrozen = result.kind === "refused" && result.problems.some(({ key }) => key === FREEZE_KEY);
  const freeze = isFrozen ? await freezeNow(node.db) : undefined;
  if (freeze) {
    await node.db.proposal.update({
      where: { id },
      data: { state: "scheduled", applyAt: freeze.endsAt, result: null },
    });
    return;
  }
  await node.db.proposal.update({ where: { id }, data: { state: "failed" } });
}

async function fail(node: MailNode, id: string, sentence: string): Promise<void> {
  const result = { kind: "problems", typed: {}, problems: [{ key: "", message: sentence }] };
  await node.db.proposal.update({
    where: { id },
    data: { state: "failed", finishedAt: new Date(), result: JSON.stringify(result) },
  });
  await audit(node.db, {
    actor: KEEPER,
    action: "proposal.apply",
    outcome: "failed",
    subject: `proposal ${id}`,
    sentences: [sentence],
  });
}
