import { blockAt, type ConfigTree, type Place, valueAt } from "../../dovecot/config";
import type { Directive } from "../../dovecot/directive";
import { type RenderTarget, siteFacts } from "../../dovecot/target";
import type { Family } from "../../dovecot/version";
import { place, set } from "../kinds/spec";
import { holdsInbox } from "./expunge";

const TRASH = "Trash";

export function trashRule(included: boolean, { family, site }: RenderTarget): Directive[] {
  if (family === "2.4") {
    if (!site.inbox) return [];
    return [holdsInbox(site.inbox), set(ignorePlace(site.inbox.namespace), !included)];
  }
  if (included) return [];
  // 2.3 reads quota_rule, quota_rule2, … up to the first that is missing, and a user's own may replace the first.
  const rule = `${site.inbox?.prefix ?? ""}${TRASH}:ignore`;
  const names =
    site.quotaRules.length === 0
      ? ["quota_rule", "quota_rule2"]
      : [`quota_rule${nextNumber(site.quotaRules)}`];
  return names.map((name) => set(place(name, ["plugin"]), rule));
}

export function ignoresTrash(tree: ConfigTree, family: Family): boolean {
  const { inbox } = siteFacts(tree);
  if (family === "2.4") return inbox !== undefined && valueAt(tree, ignorePlace(inbox.namespace)) === "yes";
  const rules = blockAt(tree.asked, [["plugin"]])?.settings ?? {};
  const rule = `${inbox?.prefix ?? ""}${TRASH}:ignore`;
  return Object.entries(rules).some(([name, value]) => /^quota_rule\d*$/.test(name) && value === rule);
}

function ignorePlace(namespace: string): Place {
  return place("quota_ignore", ["namespace", namespace], ["mailbox", TRASH]);
}

function nextNumber(names: readonly string[]): number {
  const numbers = names.map((name) => Number(name.slice("quota_rule".length) || 1));
  let next = 2;
  while (numbers.includes(next)) next++;
  return next;
}
