import { Command } from "commander";
import { changeWords } from "@/lib/core/settings/change-words";
import { compareRevisions } from "@/lib/server/mailserver/compare";
import { findRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson, UsageError } from "../output";
import { readNumber } from "../rules/arguments";

export function compareCommand(): Command {
  return new Command("compare")
    .description("what lies between two revisions, in settings and in files")
    .argument("<from>", "a revision's number")
    .argument("<to>", "another's")
    .option("--json", "as JSON")
    .action(async (from: string, to: string, { json }: { json?: boolean }) => {
      const node = await openNode();
      const revision = async (text: string) => {
        const number = readNumber(text, "A revision");
        const found = await findRevision(node.db, number);
        if (!found) throw new UsageError(`There is no revision ${number}.`);
        return found;
      };
      const [left, right] = [await revision(from), await revision(to)];
      const { changes, diff, trouble } = await compareRevisions(node, left, right);
      if (json) return printJson({ from: left.number, to: right.number, changes, diff, trouble });
      print([
        ...changes.map(changeWords).map(({ label, from: was, to: is }) => `${label}: ${was} → ${is}`),
        ...(changes.length === 0 ? ["They say the same."] : []),
        ...(trouble ? ["", trouble] : []),
        ...(diff ? ["", diff.trimEnd()] : []),
      ]);
    });
}
