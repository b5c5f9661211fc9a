import { access, constants, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { STEP_WORDS } from "@/lib/core/apply/outcome";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type Adopted, adoptServer } from "@/lib/server/adopt/adopt";
import { type Custody, custodyOf, isThere, requireNoHelper } from "@/lib/server/adopt/custody";
import { type Look, lookAtServer } from "@/lib/server/adopt/look";
import { type Plan, planAdoption } from "@/lib/server/adopt/plan";
import { readAdoption } from "@/lib/server/adopt/record";
import { withScratch } from "@/lib/server/adopt/scratch";
import { currentHome } from "@/lib/server/home";
import { type DovecotInstance, outside } from "@/lib/system/dovecot/instance";
import { DEFAULT_SOCKET } from "@/lib/system/helper/config";
import { withLock } from "@/lib/system/lock";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { shellActor } from "../rules/arguments";
import { askYes } from "./ask";
import { helperHome } from "./helper-home";
import { answerOf, factsOf, lookLines, planLines } from "./words";

interface Options {
  config?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
  reason?: string;
  root?: string;
  anyway?: boolean;
  helperHome?: string;
  helperSocket?: string;
}

const LOCK_WAIT_MS = 90_000;

/** `programs`: the folder that Portcullis's own programs lie in. */
export function adoptCommand(programs: string): Command {
  return new Command("adopt")
    .description("take over a Dovecot that is there already, without changing what it does")
    .option("--config <file>", "its main file; the one that Dovecot's own tools read when not said")
    .option("--dry-run", "show what was found, the plan and the proof; write nothing at all")
    .option("--yes", "don't ask")
    .option("--reason <text>", "why; kept in history and audit")
    .option("--root <folder>", "a Dovecot beneath another root")
    .option("--anyway", "also where a control panel or a director was recognised")
    .option("--helper-home <dir>", "the helper's folder, where the panel is a user of its own", helperHome())
    .option("--helper-socket <file>", "where the helper will listen", DEFAULT_SOCKET)
    .option("--json", "as JSON: what was found, the plan, what came of it")
    .action(async (options: Options) => {
      const custody = await custodyOf(currentHome(), { programs, ...options });
      await requireFree(custody);
      const root = options.root === undefined ? "" : resolve(options.root);
      await withScratch(root, (scratch) => adopt(custody, { ...options, root }, scratch));
    });
}

async function requireWritable(instance: DovecotInstance): Promise<void> {
  const folder = dirname(outside(instance, instance.configFile));
  await access(folder, constants.W_OK).catch(() => {
    throw new MachineFailure(`${folder} can't be written by this user: run it as root. Nothing was changed.`);
  });
}

/** Of an earlier adoption with this home: they would count again at once, and adopting changes nothing. */
function requireNoRules(rules: number): void {
  if (rules > 0)
    throw new MachineFailure(
      `This home holds ${rules} rule(s) for accounts from before, which would count again at once. Use another PORTCULLIS_HOME, or say --anyway. Nothing was changed.`,
    );
}

async function requireFree(custody: Custody): Promise<void> {
  const { home, kept } = custody;
  const adopted = await readAdoption(kept);
  if (adopted)
    throw new MachineFailure(
      adopted.state === "adopted"
        ? `${home.folder} has adopted ${adopted.touched.path} already.`
        : `Adopting ${adopted.touched.path} was cut off. "portcullis release" puts everything back as it was found.`,
    );
  if (await isThere(home.instance))
    throw new MachineFailure(
      custody.helper
        ? `${home.folder} has a server already, which was not adopted by this helper. Set PORTCULLIS_HOME to another folder for the server that is to be adopted.`
        : `${home.folder} belongs to the private Dovecot of "npm start". Set PORTCULLIS_HOME to another folder for the server that is to be adopted.`,
    );
  await requireNoHelper(custody);
}

async function adopt(custody: Custody, options: Options & { root: string }, scratch: string): Promise<void> {
  const { json, dryRun, anyway } = options;
  const where = { root: options.root, config: options.config };
  const found = async () => {
    const look = await lookAtServer(where, scratch);
    return { look, plan: await planAdoption(look, custody.kept.journal) };
  };
  const { look, plan } = await found();
  const tell = json ? () => {} : dryRun ? print : note;
  tell([...lookLines(look), "", ...planLines(look, plan)]);
  const refused = [...plan.problems, ...(anyway ? [] : plan.refusals)];
  if (refused.length > 0) {
    setExitCode(EXIT.refused);
    if (json) return printJson({ outcome: "refused", refused, ...factsOf(look, plan) });
    return note(["", ...refused, "Nothing was changed."]);
  }
  if (dryRun) {
    if (json) return printJson({ outcome: "dry-run", ...factsOf(look, plan) });
    return note(["", "Nothing was changed: --dry-run."]);
  }
  if (!options.yes && !(await askYes("Adopt this server?"))) {
    setExitCode(EXIT.refused);
    if (json) return printJson({ outcome: "refused", refused: [NO_YES], ...factsOf(look, plan) });
    return note(["", NO_YES]);
  }
  const adopted = await take(custody, { look, plan }, found, options);
  setExitCode(CODES[adopted.kind]);
  if (json) return printJson({ ...answerOf(adopted, custody), ...factsOf(look, plan) });
  const { lines } = answerOf(adopted, custody);
  (adopted.kind === "adopted" ? print : note)(lines);
}

const NO_YES = "It was not agreed to: answer yes, or say --yes. Nothing was changed.";

const CODES = {
  adopted: EXIT.done,
  waiting: EXIT.notInForce,
  "rolled-back": EXIT.rolledBack,
  stuck: EXIT.stuck,
} as const satisfies Record<Adopted["kind"], number>;

/** Looked at once more, alone: what was agreed to is what is done. */
async function take(
  custody: Custody,
  shown: { look: Look; plan: Plan },
  found: () => Promise<{ look: Look; plan: Plan }>,
  { reason = "", json, anyway }: Options,
): Promise<Adopted> {
  const actor = shellActor();
  await requireWritable(shown.look.instance);
  const { kept, books } = custody;
  const { rules } = await books.open();
  if (!anyway) requireNoRules(rules);
  await mkdir(kept.folder, { recursive: true, mode: 0o700 });
  const lock = { who: `${actor.name} (cli)`, why: "adopting a server", waitMs: LOCK_WAIT_MS };
  return await withLock(kept.lock, lock, async () => {
    await requireFree(custody);
    const { look, plan } = await found();
    const { prepared } = plan;
    const refused = [...plan.problems, ...(anyway ? [] : plan.refusals)];
    if (
      !prepared ||
      refused.length > 0 ||
      look.main.sha256 !== shown.look.main.sha256 ||
      plan.difference !== shown.plan.difference
    )
      throw new MachineFailure(
        "The server's files changed meanwhile: look at the plan again. Nothing was changed.",
      );
    return await adoptServer(
      custody,
      { look, plan: { ...plan, prepared } },
      {
        actor,
        reason,
        report: (step, detail) => {
          if (!json) note(detail ? `  ${detail}` : `${STEP_WORDS[step]}…`);
        },
      },
    );
  });
}
