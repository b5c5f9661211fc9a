/**
 * The panel's process, without its pages, for tests that run it as another user. Arguments: what to do, and more as JSON. The last
 * line of its output is the answer.
 */
import { mendMap } from "@/lib/server/access/mend-map";
import { database } from "@/lib/server/database/client";
import { startKeeper } from "@/lib/server/keeper/keeper";
import { ensureFirstRevision, reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { type SaveRequest, saveMailserver } from "@/lib/server/mailserver/save";
import { openNode } from "@/lib/server/node";

const [what = "", input = "{}"] = process.argv.slice(2);
const asked = JSON.parse(input) as Partial<SaveRequest>;
const node = await openNode();

async function start() {
  await ensureFirstRevision(database());
  const interrupted = await recoverInterrupted(node);
  const map = await mendMap(node);
  const reconciled = await reconcile(node, interrupted?.wentBack ? interrupted.revision : undefined);
  return { interrupted, map, reconciled };
}

async function save() {
  return await saveMailserver(node, {
    patch: {},
    baseRevision: undefined,
    reason: "test",
    actor: { name: "tester", origin: "cli" },
    authenticationOnly: false,
    replaceEdited: false,
    acceptWarnings: false,
    ...asked,
  });
}

const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
  start,
  save,
  async keeper() {
    await start();
    startKeeper(node);
    await new Promise(() => {});
  },
};

const answer = (await ACTS[what]?.()) ?? null;
process.stdout.write(`\n${JSON.stringify(answer)}`);
process.exit(0);
