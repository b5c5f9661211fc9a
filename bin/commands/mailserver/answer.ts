import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { STEP_WORDS } from "@/lib/core/apply/outcome";
import { changeWords } from "@/lib/core/settings/change-words";
import type { FieldProblem } from "@/lib/core/settings/schema";
import { frozenProblem } from "@/lib/server/mailserver/freeze";
import { type Plan, planMailserver } from "@/lib/server/mailserver/plan";
import { planFacts } from "@/lib/server/mailserver/plan-facts";
import type { RunStep } from "@/lib/server/mailserver/progress";
import { type SaveResult, saveMailserver } from "@/lib/server/mailserver/save";
import { saveFacts } from "@/lib/server/mailserver/save-facts";
import { KEEP_WITHIN_RANGE } from "@/lib/server/mailserver/trials";
import { doneView } from "@/lib/server/mailserver/views";
import type { MailNode } from "@/lib/server/node";
import { impactLines } from "../impact";
import { EXIT, type ExitCode, note, print, printJson, setExitCode, UsageError } from "../output";
import { readNumber, shellActor } from "../rules/arguments";

export interface ChangeOptions {
  reason: string;
  dryRun?: boolean;
  revision?: string;
  yes?: boolean;
  acceptWarnings?: boolean;
  replaceEdited?: boolean;
  duringFreeze?: boolean;
  confirmWithin?: string;
  json?: boolean;
}

/** The options of every command that changes settings. */
export function withChangeOptions(command: Command): Command {
  return command
    .option("--reason <text>", "why; stays in the history", "")
    .option("--dry-run", "show the difference, the warnings and what would happen, change nothing")
    .option("--revision <number>", "refuse if another revision than this is the newest")
    .option("--yes", "confirm that nobody shall read mail, where imap and pop3 end up both off")
    .option("--accept-warnings", "confirm what is weak but legal")
    .option("--replace-edited", "replace the generated file although it was edited by hand")
    .option("--during-freeze", "reload although a freeze window stands")
    .option(
      "--confirm-within <seconds>",
      "go back by itself unless `mailserver keep` says in time that mail still works",
    )
    .option("--json", "as JSON");
}

/** Saves a change as one revision, or only says what it would do. */
export async function change(node: MailNode, patch: unknown, options: ChangeOptions): Promise<void> {
  if (options.dryRun) return await showPlan(node, await planMailserver(node, patch), options);
  const result = await saveMailserver(node, {
    patch,
    baseRevision: revisionNumber(options.revision),
    ...requestOf(options),
  });
  showResult(result, options);
}

/** What the options of a change come to. */
export function requestOf(options: ChangeOptions) {
  return {
    reason: options.reason,
    actor: shellActor(),
    authenticationOnly: options.yes ?? false,
    acceptWarnings: options.acceptWarnings ?? false,
    replaceEdited: options.replaceEdited ?? false,
    duringFreeze: options.duringFreeze ?? false,
    keepWithin: options.confirmWithin === undefined ? undefined : keepSeconds(options.confirmWithin),
    run: { id: randomUUID(), onStep: tellStep },
  };
}

function keepSeconds(text: string): number {
  const seconds = readNumber(text, "--confirm-within");
  const { min, max } = KEEP_WITHIN_RANGE;
  if (seconds < min || seconds > max)
    throw new UsageError(`--confirm-within takes from ${min} to ${max} seconds.`);
  return seconds;
}

/** The steps as they come, beside the answer. */
function tellStep({ step, detail }: RunStep): void {
  if (step !== "done") note(detail ? `  ${detail}` : `${STEP_WORDS[step]}…`);
}

function revisionNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--revision takes a number, not "${text}".`);
  return Number(text);
}

export function complain(problems: readonly FieldProblem[], last?: string): void {
  const lines = [...problems.map(({ message }) => message), ...(last ? [last] : [])];
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** What a change would do, and to whom. */
export async function showPlan(node: MailNode, plan: Plan, { json }: ChangeOptions): Promise<void> {
  if (plan.kind === "problems") {
    setExitCode(plan.invalid ? EXIT.usage : EXIT.refused);
    if (json) printJson({ dryRun: true, problems: plan.problems, warnings: plan.warnings });
    else complain([...plan.problems, ...plan.warnings]);
    return;
  }
  const facts = await planFacts(node, plan);
  if (json) return printJson(facts);
  const { changes, warnings, diff, effect, checks, freeze } = plan;
  print([
    ...changes.map(changeWords).map(({ label, from, to, why }) => `${label}: ${from} → ${to}. ${why}`),
    ...(changes.length === 0 ? ["Nothing would change in the settings."] : []),
    ...warnings.map(({ message }) => `Warning: ${message}`),
    ...(warnings.length > 0 ? ["Needs --accept-warnings."] : []),
    "",
    ...effect.sentences,
    ...Object.entries(effect.sessions ?? {}).map(
      ([protocol, { open, ended }]) => `${protocol.toUpperCase()}: ${open} open now, ${ended} would end.`,
    ),
    ...facts.impacts.flatMap(impactLines),
    ...effect.closes.map((port) => `Closes: ${port}`),
    ...effect.opens.map((port) => `Opens: ${port}`),
    ...(freeze ? [`${frozenProblem(freeze).message} Needs --during-freeze.`] : []),
    ...checks.map((check) => `Checked: ${check}`),
  ]);
  if (diff !== "") print(["", diff.trimEnd()]);
}

export function showResult(result: SaveResult, { json }: ChangeOptions, more: object = {}): void {
  setExitCode(codeFor(result));
  if (json) return printJson({ ...saveFacts(result).json, ...more });
  switch (result.kind) {
    case "invalid":
    case "refused":
      return complain(result.problems, "Nothing was saved or changed.");
    case "needs-confirmation":
      return complain(result.warnings, confirmationWords(result));
    case "conflict":
      return complain(
        [],
        `${result.theirs.author} saved revision ${result.theirs.number} in between. Nothing was changed.`,
      );
    case "done": {
      const view = doneView(result);
      print([
        view.saved,
        view.inForce,
        ...view.details.map((detail) => `  ${detail}`),
        ...(result.keepUntil ? [keepSentence(result.wanted, result.keepUntil)] : []),
      ]);
    }
  }
}

function keepSentence(revision: number, until: Date): string {
  return `It goes back by itself at ${until.toISOString()} unless somebody says that mail still works: portcullis mailserver keep ${revision}`;
}

function confirmationWords({
  authenticationOnly,
  warnings,
}: Extract<SaveResult, { kind: "needs-confirmation" }>): string {
  return [
    ...(warnings.length > 0 ? ["Nothing was changed. Add --accept-warnings if that is meant."] : []),
    ...(authenticationOnly
      ? [
          "With imap and pop3 both off, nobody can read mail (authentication only). Add --yes if that is meant.",
        ]
      : []),
  ].join("\n");
}

function codeFor(result: SaveResult): ExitCode {
  if (result.kind === "invalid" || result.kind === "needs-confirmation") return EXIT.usage;
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
