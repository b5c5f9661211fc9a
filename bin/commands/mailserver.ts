import { userInfo } from "node:os";
import { Command } from "commander";
import {
  isSettingKey,
  type SettingKey,
  type SettingsValues,
  settingKeys,
} from "@/lib/core/settings/catalogue";
import { type Plan, planMailserver } from "@/lib/server/mailserver/plan";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { type SaveResult, saveMailserver } from "@/lib/server/mailserver/save";
import { doneView } from "@/lib/server/mailserver/views";
import { openNode } from "@/lib/server/node";
import { EXIT, type ExitCode, print, printJson, setExitCode, UsageError } from "./output";

export function mailserverCommand(): Command {
  return new Command("mailserver")
    .description("the Mailserver Configuration")
    .addCommand(getCommand())
    .addCommand(setCommand());
}

function getCommand(): Command {
  return new Command("get")
    .description("print the wanted settings")
    .argument("[keys...]", `which ones; all when none is named (${settingKeys.join(", ")})`)
    .option("--json", "as JSON: revision and settings")
    .action(async (keys: string[], { json }: { json?: boolean }) => {
      const unknown = keys.filter((key) => !isSettingKey(key));
      if (unknown.length > 0)
        throw new UsageError(`There is no setting ${unknown.join(", ")}. Known: ${settingKeys.join(", ")}.`);
      const { number, values } = await latestRevision((await openNode()).db);
      const asked = settingKeys.filter((key) => keys.length === 0 || keys.includes(key));
      if (json)
        printJson({ revision: number, settings: Object.fromEntries(asked.map((key) => [key, values[key]])) });
      else print(asked.map((key) => `${key}=${shown(values, key)}`));
    });
}

interface SetOptions {
  reason: string;
  dryRun?: boolean;
  revision?: string;
  yes?: boolean;
  replaceEdited?: boolean;
  json?: boolean;
}

function setCommand(): Command {
  return new Command("set")
    .description("change settings: check, save as one revision, apply and confirm")
    .argument("<key=value...>", "for instance pop3=off")
    .option("--reason <text>", "why; stays in the history", "")
    .option("--dry-run", "show the difference and what would happen, change nothing")
    .option("--revision <number>", "refuse if another revision than this is the newest")
    .option("--yes", "confirm that nobody shall read mail, where imap and pop3 end up both off")
    .option("--replace-edited", "replace the generated file although it was edited by hand")
    .option("--json", "as JSON")
    .action(async (assignments: string[], options: SetOptions) => {
      const patch = parseAssignments(assignments);
      const node = await openNode();
      if (options.dryRun) return showPlan(await planMailserver(node, patch), options);
      const result = await saveMailserver(node, {
        patch,
        baseRevision: revisionNumber(options.revision),
        reason: options.reason,
        actor: { name: userInfo().username, origin: "cli" },
        authenticationOnly: options.yes ?? false,
        replaceEdited: options.replaceEdited ?? false,
      });
      showResult(result, options);
    });
}

function parseAssignments(assignments: readonly string[]): Record<string, string> {
  const patch: Record<string, string> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw new UsageError(`"${assignment}" is not of the form key=value, for instance pop3=off.`);
    const key = assignment.slice(0, at);
    if (Object.hasOwn(patch, key)) throw new UsageError(`${key} is set twice.`);
    patch[key] = assignment.slice(at + 1);
  }
  return patch;
}

function revisionNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--revision takes a number, not "${text}".`);
  return Number(text);
}

function showPlan(plan: Plan, { json }: SetOptions): void {
  if (plan.kind === "problems") {
    setExitCode(plan.invalid ? EXIT.usage : EXIT.refused);
    if (json) printJson({ dryRun: true, problems: plan.problems });
    else process.stderr.write(`${plan.problems.map(({ message }) => message).join("\n")}\n`);
    return;
  }
  const { changes, diff, effect } = plan;
  if (json) return printJson({ dryRun: true, changes, diff, effect });
  print([
    ...changes.map(({ sentence }) => sentence),
    ...(changes.length === 0 ? ["Nothing would change in the settings."] : []),
    "",
    ...effect.sentences,
  ]);
  if (diff !== "") print(["", diff.trimEnd()]);
}

function showResult(result: SaveResult, { json }: SetOptions): void {
  setExitCode(codeFor(result));
  if (json) return printJson(resultJson(result));
  switch (result.kind) {
    case "invalid":
    case "refused":
      process.stderr.write(
        `${result.problems.map(({ message }) => message).join("\n")}\nNothing was saved or changed.\n`,
      );
      return;
    case "needs-authentication-only":
      process.stderr.write(
        "With imap and pop3 both off, nobody can read mail (authentication only). Add --yes if that is meant.\n",
      );
      return;
    case "conflict":
      process.stderr.write(
        `${result.theirs.author} saved revision ${result.theirs.number} in between. Nothing was changed.\n`,
      );
      return;
    case "done": {
      const view = doneView(result);
      print([view.saved, view.inForce, ...view.details.map((detail) => `  ${detail}`)]);
    }
  }
}

/** One flat object whose `outcome` is a word: the engine's five, or why it was not asked. */
function resultJson(result: SaveResult) {
  switch (result.kind) {
    case "done": {
      const { kind: outcome, ...facts } = result.outcome;
      return {
        outcome,
        revision: result.wanted,
        saved: result.saved !== undefined,
        changes: result.changes,
        ...facts,
        unrecorded: result.unrecorded,
      };
    }
    case "refused":
      return { outcome: "rejected", saved: false, problems: result.problems };
    case "invalid":
      return { outcome: "invalid", saved: false, problems: result.problems };
    case "needs-authentication-only":
      return { outcome: "needs-confirmation", saved: false };
    case "conflict":
      return {
        outcome: "conflict",
        saved: false,
        revision: result.theirs.number,
        theirs: result.theirChanges,
        yours: result.yourChanges,
      };
  }
}

function codeFor(result: SaveResult): ExitCode {
  if (result.kind === "invalid" || result.kind === "needs-authentication-only") return EXIT.usage;
  if (result.kind === "refused") return EXIT.refused;
  if (result.kind === "conflict") return EXIT.conflict;
  switch (result.outcome.kind) {
    case "unchanged":
      return result.outcome.notes.length > 0 ? EXIT.notInForce : EXIT.done;
    case "applied":
      return EXIT.done;
    case "rejected":
      return EXIT.refused;
    case "rolled-back":
      return EXIT.rolledBack;
    case "stuck":
      return EXIT.stuck;
  }
}

function shown(values: SettingsValues, key: SettingKey): string {
  return values[key] ? "on" : "off";
}
