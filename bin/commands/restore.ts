import { Command } from "commander";
import { listenerLabel, STEP_WORDS } from "@/lib/core/apply/outcome";
import { currentHome } from "@/lib/server/home";
import { auditRestore, restoreGood } from "@/lib/server/mailserver/restore";
import { EXIT, note, print, printJson, setExitCode } from "./output";
import { shellActor } from "./rules/arguments";

export function restoreCommand(): Command {
  return new Command("restore")
    .description("put the last files back that Dovecot was seen to work with; needs no database")
    .option("--dry-run", "show the difference, change nothing")
    .option("--json", "as JSON")
    .action(async ({ dryRun = false, json }: { dryRun?: boolean; json?: boolean }) => {
      const actor = shellActor();
      const restored = await restoreGood(currentHome(), {
        who: `${actor.name} (cli)`,
        dryRun,
        report: (step, detail) => note(detail ? `  ${detail}` : `${STEP_WORDS[step]}…`),
      });
      const happened = !dryRun && restored.kind !== "unchanged";
      if (happened && !(await auditRestore(currentHome(), actor, restored)))
        note("The audit lacks this: the panel's database can't be written.");
      switch (restored.kind) {
        case "rejected":
          setExitCode(EXIT.refused);
          if (json) printJson({ outcome: "rejected", problems: restored.problems });
          return note([...restored.problems, "Nothing was changed."]);
        case "unchanged":
          if (json) return printJson({ outcome: "unchanged" });
          return print("The live files are the last known good ones, and Dovecot runs them.");
        case "files":
          return answer(restored, json ?? false);
      }
    });
}

function answer(
  { diff, outcome }: Extract<Awaited<ReturnType<typeof restoreGood>>, { kind: "files" }>,
  json: boolean,
): void {
  if (!outcome) {
    if (json) return printJson({ outcome: "dry-run", diff });
    return print(diff === "" ? "The files are the same; Dovecot would be reloaded." : diff.trimEnd());
  }
  if (outcome.kind === "rolled-back") {
    if (json) return printJson({ outcome: "restored", diff, probes: outcome.probes });
    return print([
      "The last known good files are in place, and Dovecot runs them.",
      ...outcome.probes.map(({ listener, seen }) => `  ${listenerLabel(listener)}: ${seen.state}`),
    ]);
  }
  setExitCode(EXIT.stuck);
  if (json) printJson({ ...outcome, outcome: "stuck", diff });
  note(outcome.kind === "stuck" ? [outcome.reason, outcome.wayBack] : []);
}
