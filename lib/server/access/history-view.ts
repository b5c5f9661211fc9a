import type { TellInstant } from "@/lib/core/access/decide";
import { subjectLabel } from "@/lib/core/access/subject";
import type { HistoryView } from "@/lib/core/access/views";
import type { HistoryEntry } from "../accounts/history";
import { tellInstant } from "../tell-instant";

export function historyView(entry: Omit<HistoryEntry, "sentence">): HistoryView {
  const { changeId, at, actor, origin, reason, subject, protocol, before, after, undone } = entry;
  const isSuspension = [before, after].some((facts) => facts !== null && "rank" in facts);
  return {
    changeId,
    at: at.toISOString(),
    actor,
    origin,
    reason,
    subject: subjectLabel(subject),
    protocol,
    before: factsWords(before, isSuspension, tellInstant),
    after: factsWords(after, isSuspension, tellInstant),
    undone,
  };
}

function factsWords(facts: HistoryEntry["before"], isSuspension: boolean, tell: TellInstant): string {
  if (facts === null) return isSuspension ? "not suspended" : "no rule";
  const what = "rank" in facts ? "suspended" : facts.state === "allow" ? "allowed" : "denied";
  return facts.until === null ? what : `${what} until ${tell(facts.until)}`;
}
