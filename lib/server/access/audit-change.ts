import type { Subject } from "@/lib/core/access/subject";
import { audit } from "../audit";
import type { Write } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { findChange } from "./changes";
import { historyView } from "./history-view";

interface AuditedChange {
  changeId: number;
  sentences: readonly string[];
  reason: string;
}

/** Of a change of many the first rules are told one by one; history has all of them under its number. */
const TOLD = 50;

/** Writes down what a change came to: each rule as it was and as it is. Within the change's own transaction. */
export async function auditChange(
  write: Write,
  actor: Actor,
  { changeId, sentences, reason }: AuditedChange,
): Promise<void> {
  const change = await findChange({ db: write, scope: null }, changeId, TOLD);
  const rules = (change?.rules ?? []).map((rule) => ({
    ...rule,
    view: historyView({
      actor: actor.name,
      origin: actor.origin,
      reason,
      undone: false,
      at: new Date(),
      changeId,
      ...rule,
    }),
  }));
  const what = ({ view: { subject, protocol } }: (typeof rules)[number]) =>
    `${protocol === "all" ? "IMAP and POP3" : protocol.toUpperCase()} for ${subject}`;
  const left = (change?.rulesInAll ?? 0) - rules.length;
  const more = left > 0 ? [`And ${left.toLocaleString("en")} more, in change ${changeId}.`] : [];
  await audit(write, {
    actor,
    action: "access.change",
    outcome: "done",
    subject:
      change?.count === 1
        ? (rules[0]?.subject ?? "")
        : subjectsWords(
            rules.map(({ subject }) => subject),
            change?.count,
          ),
    sentences: [...sentences, `Change ${changeId}`],
    before: [...rules.map((rule) => `${what(rule)}: ${rule.view.before}`), ...more],
    after: [...rules.map((rule) => `${what(rule)}: ${rule.view.after}`), ...more],
    reason,
  });
}

/** What an entry about rules is found by: the account or domain itself; of several how many. */
export function subjectsWords(subjects: readonly Subject[], count = subjects.length): string {
  const [only] = subjects;
  return count === 1 && only !== undefined ? only : `${count.toLocaleString("en")} accounts or domains`;
}
