import { Command } from "commander";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { proveChange } from "@/lib/server/access/prove-change";
import { type UndoResult, undoChange } from "@/lib/server/access/undo";
import { addJob } from "@/lib/server/jobs/store";
import { type MailNode, openNode } from "@/lib/server/node";
import { answerJob } from "../jobs/answer";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { many } from "../progress";
import { readNumber, shellActor } from "../rules/arguments";

export function undoCommand(): Command {
  return new Command("undo")
    .description("take a change back, where nothing changed its rules since")
    .argument("<id>", "the change's number")
    .option("--reason <text>", "why; stays in the history", "")
    .option("--json", "as JSON")
    .action(async (text: string, { reason, json = false }: { reason: string; json?: boolean }) => {
      const id = readNumber(text, "The change");
      const node = await openNode();
      const actor = shellActor();
      const undone = await undoChange(node, id, actor, "administrator", reason);
      if (undone.kind === "unknown") throw new UsageError(`There is no change ${id}.`);
      if (undone.kind === "large") {
        const input = { changeId: id, rank: "administrator", reason };
        const total = await node.db.accessChangeItem.count({ where: { changeId: id } });
        return await answerJob(node, await addJob(node, { kind: "bulk-undo", input, total, actor }), json);
      }
      if (undone.kind === "already") {
        setExitCode(EXIT.refused);
        if (json) printJson({ outcome: "already", undoneBy: undone.by });
        return note(`Change ${id} was taken back already, by change ${undone.by}.`);
      }
      await answer(node, undone, json);
    });
}

async function answer(
  node: MailNode,
  { result, edits, overtaken }: Extract<UndoResult, { kind: "undone" }>,
  json: boolean,
): Promise<void> {
  if (result.kind !== "done") {
    setExitCode(result.kind === "conflict" ? EXIT.conflict : EXIT.refused);
    if (json) printJson({ outcome: result.kind });
    return note(
      result.kind === "conflict" ? "Its rules were changed meanwhile. Nothing was changed." : result.sentence,
    );
  }
  const proof =
    result.changeId === undefined
      ? []
      : await proveChange(node, [...new Set(edits.map(({ subject }) => subject))], PROTOCOLS);
  const { troubles } = await accessEnforcement(node);
  if (!result.enforced) troubles.unshift(`Saved, and not enforced yet: ${result.trouble}`);
  if (troubles.length > 0) setExitCode(EXIT.notInForce);
  if (json)
    return printJson({
      outcome: result.changeId === undefined ? "unchanged" : "undone",
      change: result.changeId ?? null,
      sentences: result.sentences,
      overtaken,
      proof,
      enforced: troubles.length === 0,
      troubles,
    });
  print([
    ...(result.changeId === undefined
      ? ["Nothing was changed."]
      : [`Change ${result.changeId}: ${result.sentences.join("; ")}.`]),
    ...(overtaken.length > 0
      ? [`${many(overtaken.length, "rule was", "rules were")} changed again since and stay as they are.`]
      : []),
    ...proof.map(({ sentence }) => sentence),
  ]);
  if (troubles.length > 0) note(troubles);
}
