import { Command } from "commander";
import { planMailserver } from "@/lib/server/mailserver/plan";
import {
  planUndo,
  type UndoConflict,
  type UndoPlan,
  undoPatch,
  undoRevision,
} from "@/lib/server/mailserver/undo";
import { openNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { undoRemotely } from "../remote/mailserver";
import { alsoRemote, onHostOnly, remotePanel } from "../remote/panel";
import { readNumber } from "../rules/arguments";
import { type ChangeOptions, requestOf, showPlan, showResult, withChangeOptions } from "./answer";

interface UndoOptions extends ChangeOptions {
  leaveLater?: boolean;
  overwriteLater?: boolean;
}

export function undoCommand(): Command {
  const command = new Command("undo")
    .description("take a revision back: only the settings that it changed, as one new revision")
    .argument("<revision>", "its number")
    .option("--leave-later", "leave settings that a later revision changed as they are now")
    .option("--overwrite-later", "take those back too")
    .action(undo);
  return alsoRemote(withChangeOptions(command));
}

async function undo(text: string, options: UndoOptions): Promise<void> {
  const number = readNumber(text, "The revision");
  if (options.leaveLater && options.overwriteLater)
    throw new UsageError("--leave-later and --overwrite-later are two ways; name one.");
  const conflicts = options.overwriteLater ? "overwrite" : options.leaveLater ? "leave" : "refuse";
  const api = remotePanel();
  if (api) {
    if (options.dryRun) onHostOnly("--dry-run");
    return await undoRemotely(api, number, conflicts, options);
  }
  const node = await openNode();
  if (options.dryRun) {
    const look = await planUndo(node.db, number);
    if (look.kind !== "plan") return unable(look.kind, number);
    if (look.conflicts.length > 0 && conflicts === "refuse") return overtaken(look, options);
    return await showPlan(node, await planMailserver(node, undoPatch(look, conflicts)), options);
  }
  const undone = await undoRevision(node, {
    number,
    conflicts,
    ...requestOf(options),
  });
  switch (undone.kind) {
    case "unknown":
    case "first":
      return unable(undone.kind, number);
    case "nothing":
      if (options.json) printJson({ outcome: "nothing", undoes: number, saved: false });
      else print(`Everything that revision ${number} changed is as it was before.`);
      return;
    case "overtaken":
      return overtaken(undone.plan, options);
    case "saved": {
      const { plan, result } = undone;
      showResult(result, options, { undoes: number, conflicts: plan.conflicts });
    }
  }
}

function unable(kind: "unknown" | "first", number: number): never {
  throw new UsageError(
    kind === "unknown"
      ? `There is no revision ${number}.`
      : "Revision 1 is the first: there is nothing before it to go back to.",
  );
}

function overtaken({ number, conflicts }: UndoPlan, { json }: UndoOptions): void {
  setExitCode(EXIT.conflict);
  if (json) printJson({ outcome: "conflict", undoes: number, saved: false, conflicts });
  note([
    ...conflicts.map(conflictSentence),
    "Nothing was changed. Add --leave-later to keep these as they are now, or --overwrite-later to take them back too.",
  ]);
}

function conflictSentence({ label, before, made, now, by }: UndoConflict): string {
  return `${label} was changed again by revision ${by.number} (${by.author}): it was ${before}, became ${made}, and is ${now} now.`;
}
