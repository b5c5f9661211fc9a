import { planMailserver } from "../mailserver/plan";
import { planUndo, undoPatch } from "../mailserver/undo";
import { openNode } from "../node";

/** Finding out runs `doveconf`, and every page shows it while a change is on trial. */
const FRESH_MS = 15_000;

interface Known {
  revision: number;
  at: number;
  sentences: Promise<string[]>;
}

const shared = globalThis as { portcullisWayBack?: Known };

/** What taking a revision back would do to the daemon and to people, as it was at most a few seconds ago. */
export async function wayBackSentences(revision: number): Promise<string[]> {
  const known = shared.portcullisWayBack;
  if (known?.revision === revision && Date.now() - known.at < FRESH_MS) return await known.sentences;
  const sentences = findOut(revision);
  shared.portcullisWayBack = { revision, at: Date.now(), sentences };
  sentences.catch(() => delete shared.portcullisWayBack);
  return await sentences;
}

async function findOut(revision: number): Promise<string[]> {
  const node = await openNode();
  const undo = await planUndo(node.db, revision);
  if (undo.kind !== "plan") return [];
  const plan = await planMailserver(node, undoPatch(undo, "leave"));
  return plan.kind === "plan" ? plan.effect.sentences : plan.problems.map(({ message }) => message);
}
