import { Command } from "commander";
import { lookForDrift } from "@/lib/server/drift/look";
import type { StandingDrift } from "@/lib/server/drift/record";
import { adoption, leaveDrift } from "@/lib/server/drift/settle";
import { applyWanted, whileAlone } from "@/lib/server/mailserver/apply";
import { planMailserver } from "@/lib/server/mailserver/plan";
import { saveMailserver } from "@/lib/server/mailserver/save";
import { applyView } from "@/lib/server/mailserver/views";
import { openNode } from "@/lib/server/node";
import { type ChangeOptions, requestOf, showPlan, showResult, withChangeOptions } from "./mailserver/answer";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "./output";
import { shellActor } from "./rules/arguments";

export function driftCommand(): Command {
  return new Command("drift")
    .description("what somebody changed besides Portcullis: looked at now; exit 7 where something stands")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const node = await openNode();
      const drift = await whileAlone(node, shellActor(), "looking for drift", () => lookForDrift(node));
      if (drift.some(({ leftBy }) => leftBy === null)) setExitCode(EXIT.notInForce);
      if (json) return printJson({ checkedAt: new Date(), drift });
      print(drift.length === 0 ? "Everything is as Portcullis left it." : drift.flatMap(linesFor));
    })
    .addCommand(restoreCommand())
    .addCommand(adoptCommand())
    .addCommand(leaveCommand());
}

function restoreCommand(): Command {
  return new Command("restore")
    .description("put the files back that are wanted, and bring them into force")
    .option("--json", "as JSON")
    .action(async (_: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const node = await openNode();
      const applied = await applyWanted(node, shellActor(), { replaceEdited: true });
      await lookForDrift(node);
      const { kind } = applied.outcome;
      if (kind === "rejected") setExitCode(EXIT.refused);
      if (kind === "rolled-back") setExitCode(EXIT.rolledBack);
      if (kind === "stuck") setExitCode(EXIT.stuck);
      const { kind: outcome, ...facts } = applied.outcome;
      if (json) return printJson({ outcome, revision: applied.revision, ...facts });
      const view = applyView(applied);
      print([view.inForce, ...view.details.map((detail) => `  ${detail}`)]);
    });
}

function adoptCommand(): Command {
  const command = new Command("adopt")
    .description("take an edit by hand into the settings, where it is one of them; the rest of it goes")
    .action(async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<ChangeOptions>();
      const node = await openNode();
      const request = await adoption(node, shellActor());
      if (Object.keys(request.patch as object).length === 0) {
        setExitCode(EXIT.refused);
        return note(
          "Nothing of what is on disk is a setting that differs. portcullis drift shows what was found.",
        );
      }
      if (options.dryRun) return await showPlan(node, await planMailserver(node, request.patch), options);
      const given = requestOf(options);
      const result = await saveMailserver(node, {
        ...given,
        ...request,
        reason: given.reason || request.reason,
      });
      if (result.kind === "done") await lookForDrift(node);
      showResult(result, options);
    });
  return withChangeOptions(command);
}

function leaveCommand(): Command {
  return new Command("leave")
    .description("leave something as it was found; another change of it is told again")
    .argument("<key>", "its key, as `portcullis drift` tells it")
    .action(async (key: string) => {
      if (!(await leaveDrift((await openNode()).db, key, shellActor())))
        throw new UsageError(`Nothing stands under ${JSON.stringify(key)}.`);
      print("It is left as it is.");
    });
}

function linesFor({ key, severity, sentence, since, leftBy, diff }: StandingDrift): string[] {
  return [
    `${severity === "alarm" ? "ALARM: " : ""}${sentence}`,
    `  ${key}, since ${since.toISOString()}${leftBy ? `, left as it is by ${leftBy}` : ""}`,
    ...(diff ? diff.trimEnd().split("\n") : []),
  ];
}
