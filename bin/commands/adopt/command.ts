import { access, constants, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { STEP_WORDS, type Step } from "@/lib/core/apply/outcome";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type Adopted, adoptServer } from "@/lib/server/adopt/adopt";
import { type Look, lookAtServer } from "@/lib/server/adopt/look";
import { type Plan, planAdoption } from "@/lib/server/adopt/plan";
import { readAdoption } from "@/lib/server/adopt/record";
import { withScratch } from "@/lib/server/adopt/scratch";
import { database } from "@/lib/server/database/client";
import { currentHome, type Home } from "@/lib/server/home";
import { readDescription } from "@/lib/server/node";
import { asOwnerOf, foreignOwner } from "@/lib/system/as-owner";
import { type DovecotInstance, outside } from "@/lib/system/dovecot/instance";
import { readIfThere } from "@/lib/system/files";
import { withLock } from "@/lib/system/lock";
import { openHome } from "../../serve/open-home";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { shellActor } from "../rules/arguments";
import { askYes } from "./ask";
import { answerOf, factsOf, lookLines, planLines } from "./words";

interface Options {
  /** The folder that Portcullis's own programs lie in. */
  programs?: string;
  config?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
  reason?: string;
  root?: string;
  anyway?: boolean;
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
    .option("--json", "as JSON: what was found, the plan, what came of it")
    .action(async (options: Options) => {
      const home = currentHome();
      await requireFree(home);
      const root = options.root === undefined ? "" : resolve(options.root);
      if (root !== "" && !(await stat(join(root, "tmp")).catch(() => undefined))?.isDirectory())
        throw new UsageError(`--root: ${root} is no folder with a system in it (it has no tmp).`);
      await withScratch(root, (scratch) => adopt(home, { ...options, root, programs }, scratch));
    });
}

async function requireWritable(instance: DovecotInstance): Promise<void> {
  const folder = dirname(outside(instance, instance.configFile));
  await access(folder, constants.W_OK).catch(() => {
    throw new MachineFailure(`${folder} can't be written by this user: run it as root. Nothing was changed.`);
  });
}

/** Of an earlier adoption with this home: they would count again at once, and adopting changes nothing. */
async function requireNoRules(): Promise<void> {
  const db = database();
  const rules = (await db.policy.count()) + (await db.suspension.count());
  if (rules > 0)
    throw new MachineFailure(
      `This home holds ${rules} rule(s) for accounts from before, which would count again at once. Use another PORTCULLIS_HOME, or say --anyway. Nothing was changed.`,
    );
}

async function requireFree(home: Home): Promise<void> {
  const adopted = await readAdoption(home);
  if (adopted)
    throw new MachineFailure(
      adopted.state === "adopted"
        ? `${home.folder} has adopted ${adopted.touched.path} already.`
        : `Adopting ${adopted.touched.path} was cut off. "portcullis release" puts everything back as it was found.`,
    );
  const isTaken = (await readIfThere(home.instance)) !== undefined;
  // Without a record it was cut off before anything was touched, and is begun again.
  if (isTaken && (await readDescription(home)).kind === "sandbox")
    throw new MachineFailure(
      `${home.folder} belongs to the private Dovecot of "npm start". Set PORTCULLIS_HOME to another folder for the server that is to be adopted.`,
    );
}

async function adopt(home: Home, options: Options & { root: string }, scratch: string): Promise<void> {
  const { json, dryRun, anyway } = options;
  const where = { root: options.root, config: options.config };
  const found = async () => {
    const look = await lookAtServer(where, scratch);
    return { look, plan: await planAdoption(look, home.journal) };
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
  const adopted = await take(home, { look, plan }, found, options);
  setExitCode(CODES[adopted.kind]);
  const isForeign = (await foreignOwner(home.folder)) !== undefined;
  if (json) return printJson({ ...answerOf(adopted, isForeign), ...factsOf(look, plan) });
  const { lines } = answerOf(adopted, isForeign);
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
  home: Home,
  shown: { look: Look; plan: Plan },
  found: () => Promise<{ look: Look; plan: Plan }>,
  { reason = "", json, anyway, programs = "" }: Options,
): Promise<Adopted> {
  const actor = shellActor();
  await requireWritable(shown.look.instance);
  // Imported late: no other command needs it.
  const { migrate } = await import("@/lib/server/database/migrate");
  const report = (step: Step, detail?: string) => {
    if (!json) note(detail ? `  ${detail}` : `${STEP_WORDS[step]}…`);
  };
  return await asOwnerOf(home.folder, async (asRoot) => {
    await openHome(home);
    await migrate(home.database, join(programs, "prisma/migrations"));
    if (!anyway) await requireNoRules();
    const lock = { who: `${actor.name} (cli)`, why: "adopting a server", waitMs: LOCK_WAIT_MS };
    return await withLock(home.lock, lock, async () => {
      const { look, plan } = await asRoot(async () => {
        await requireFree(home);
        return await found();
      });
      const { prepared } = plan;
      const refused = [...plan.problems, ...(anyway ? [] : plan.refusals)];
      const isAsShown =
        look.main.sha256 === shown.look.main.sha256 && plan.difference === shown.plan.difference;
      if (!prepared || refused.length > 0 || !isAsShown)
        throw new MachineFailure(
          "The server's files changed meanwhile: look at the plan again. Nothing was changed.",
        );
      const request = { actor, reason, report, asRoot };
      return await adoptServer(home, database(), { look, plan: { ...plan, prepared } }, request);
    });
  });
}
