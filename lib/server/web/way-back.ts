import { log } from "../log";
import { readInForce } from "../mailserver/in-force";
import { planMailserver } from "../mailserver/plan";
import { planUndo, undoPatch } from "../mailserver/undo";
import { openNode } from "../node";

/** Finding out runs `doveconf`, and every page shows it while a change is on trial. */
const FRESH_MS = 30_000;

const shared = globalThis as {
  portcullisWayBack?: Map<string, { at: number; sentences: Promise<string[]> }>;
};

/**
 * What taking a revision on trial back would do to the daemon and to people, as it was at most half a minute ago. Empty while
 * it isn't the one in force, and where it can't be found out: no page is kept from showing for it.
 */
export async function wayBackSentences(revision: number): Promise<string[]> {
  const node = await openNode();
  const inForce = await readInForce(node);
  if (inForce?.revision !== revision) return [];
  shared.portcullisWayBack ??= new Map();
  const key = `${revision} ${inForce.mark}`;
  const known = shared.portcullisWayBack.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return await known.sentences;
  const sentences = findOut(revision).catch((error: unknown) => {
    log.warn({ err: error, revision }, "What going back would do can't be found out");
    return [];
  });
  shared.portcullisWayBack.clear();
  shared.portcullisWayBack.set(key, { at: Date.now(), sentences });
  return await sentences;
}

async function findOut(revision: number): Promise<string[]> {
  const node = await openNode();
  const undo = await planUndo(node.db, revision);
  if (undo.kind !== "plan") return [];
  const plan = await planMailserver(node, undoPatch(undo, "leave"));
  return plan.kind === "plan" ? plan.effect.sentences : plan.problems.map(({ message }) => message);
}
