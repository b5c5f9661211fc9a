import type { HistoryView } from "@/lib/core/access/views";
import type { Scoped } from "../node";
import { type AccessChangeFacts, findChange } from "./changes";
import { historyView } from "./history-view";

export interface ChangeView extends Omit<AccessChangeFacts, "at"> {
  /** ISO 8601. */
  at: string;
  rules: HistoryView[];
  /** How many there are of them. */
  rulesInAll: number;
}

const SHOWN = 100;

export async function changeView(scoped: Scoped, id: number): Promise<ChangeView | undefined> {
  const change = await findChange(scoped, id, SHOWN);
  if (!change) return undefined;
  const { at, rules, ...facts } = change;
  const undone = facts.undoneBy !== null;
  return {
    ...facts,
    at: at.toISOString(),
    rules: rules.map((rule) => historyView({ ...facts, ...rule, changeId: id, at, undone })),
  };
}
