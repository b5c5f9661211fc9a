import { Command } from "commander";
import { keepRevision, waitingTrials } from "@/lib/server/mailserver/trials";
import { openNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { readNumber, shellActor } from "../rules/arguments";

export function keepCommand(): Command {
  return new Command("keep")
    .description("say that mail still works, so that a change on trial doesn't go back by itself")
    .argument("[revision]", "its number, where more than one is on trial")
    .option("--json", "as JSON")
    .action(async (text: string | undefined, { json }: { json?: boolean }) => {
      const node = await openNode();
      const waiting = await waitingTrials(node.db);
      if (text === undefined && waiting.length > 1)
        throw new UsageError(
          `On trial are revisions ${waiting.map(({ revision }) => revision).join(" and ")}: name one.`,
        );
      const revision = text === undefined ? waiting[0]?.revision : readNumber(text, "The revision");
      const kept = revision !== undefined && (await keepRevision(node, revision, shellActor()));
      if (!kept) setExitCode(EXIT.refused);
      if (json) return printJson({ outcome: kept ? "kept" : "nothing", revision: revision ?? null });
      if (kept) print(`Revision ${revision} stays.`);
      else note("Nothing waits for that: it was confirmed, went back, or was never on trial.");
    });
}
