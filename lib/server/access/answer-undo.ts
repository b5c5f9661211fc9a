import type { Rank } from "@/lib/core/access/rules";
import type { AccessAnswer, StepView } from "@/lib/core/access/views";
import { addJob } from "../jobs/store";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { doneAnswer, refusalAnswer, toneOf } from "./answer";
import { undoChange } from "./undo";

/** Takes a change back, asks Dovecot about it, and tells both; one of many rules becomes a job. */
export async function answerUndo(
  node: MailNode,
  changeId: number,
  { actor, rank, reason }: { actor: Actor; rank: Rank; reason: string },
): Promise<AccessAnswer | { kind: "job"; id: string }> {
  const undone = await undoChange(node, changeId, actor, rank, reason);
  switch (undone.kind) {
    case "unknown":
      return { kind: "not-allowed", sentence: `There is no change ${changeId}.` };
    case "already":
      return {
        kind: "not-allowed",
        sentence: `Change ${changeId} was taken back already, by change ${undone.by}.`,
      };
    case "large": {
      const total = await node.db.accessChangeItem.count({ where: { changeId } });
      const input = { changeId, rank, reason };
      return { kind: "job", id: await addJob(node, { kind: "bulk-undo", input, total, actor }) };
    }
    case "undone": {
      const { result, edits, overtaken } = undone;
      const since = overtakenSteps(overtaken.length);
      if (result.kind !== "done") return refusalAnswer(result, edits, []);
      if (edits.length === 0)
        return { kind: "done", tone: "warn", saved: "Nothing was changed.", steps: since, changeId: null };
      const answer = await doneAnswer(node, result, edits);
      const steps = [...answer.steps, ...since];
      return { ...answer, steps, tone: toneOf(steps) };
    }
  }
}

function overtakenSteps(count: number): StepView[] {
  if (count === 0) return [];
  const rules = count === 1 ? "1 rule was" : `${count.toLocaleString("en")} rules were`;
  return [
    {
      state: "unknown",
      sentence: `${rules} changed again since by a later change, and ${count === 1 ? "stays as it is" : "stay as they are"}.`,
    },
  ];
}
