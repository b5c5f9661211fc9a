import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import type { RunningPanel } from "../../support/panel";

/** A write that was answered with "done". */
export interface Done {
  address: string;
  /** The number of its change; null where nothing was changed. */
  change: number | null;
}

/**
 * What was answered with "done" and isn't in the history, and changes that stand upon something else than the one before
 * them left behind, or that the rule in force doesn't come from; a line each.
 */
export async function lostUpdates(panel: RunningPanel, done: readonly Done[]): Promise<string[]> {
  const db = openDatabase(homeAt(panel.home).database);
  const lost: string[] = [];
  for (const address of new Set(done.map((one) => one.address))) {
    const items = await db.accessChangeItem.findMany({
      where: { subject: address, protocol: "pop3", kind: "policy" },
      orderBy: { changeId: "asc" },
    });
    const known = new Set(items.map(({ changeId }) => changeId));
    for (const { change } of done.filter((one) => one.address === address))
      if (change !== null && !known.has(change)) lost.push(`${address}: change ${change} is not there.`);
    for (const [index, item] of items.entries()) {
      const before = items[index - 1];
      if (before && stateOf(before.after) !== stateOf(item.before))
        lost.push(`${address}: change ${item.changeId} doesn't know of ${before.changeId}.`);
    }
    const rule = await db.policy.findFirst({ where: { subject: address, protocol: "pop3" } });
    if ((rule?.state ?? null) !== stateOf(items.at(-1)?.after ?? null))
      lost.push(`${address}: the rule is ${rule?.state ?? "none"}, and its last change says otherwise.`);
  }
  await db.$disconnect();
  return lost;
}

function stateOf(json: string | null): string | null {
  return json === null ? null : (JSON.parse(json) as { state: string }).state;
}
