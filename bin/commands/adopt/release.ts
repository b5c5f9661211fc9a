import { resolve } from "node:path";
import { Command } from "commander";
import { listenerLabel, STEP_WORDS, type Step } from "@/lib/core/apply/outcome";
import {
  backSentence,
  clearRemains,
  planRelease,
  type Released,
  releaseServer,
} from "@/lib/server/adopt/release";
import { currentHome } from "@/lib/server/home";
import { requireStopped } from "@/lib/server/running";
import { asOwnerOf } from "@/lib/system/as-owner";
import { withLock } from "@/lib/system/lock";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { shellActor } from "../rules/arguments";
import { askYes } from "./ask";

const LOCK_WAIT_MS = 90_000;

export function releaseCommand(): Command {
  return new Command("release")
    .description("give an adopted server back as it was found")
    .option("--yes", "don't ask")
    .option("--keep <folder>", "write the last state there, as plain Dovecot settings and as JSON")
    .option("--json", "as JSON: outcome, how the main file was given back, probes")
    .action(async ({ yes, keep, json }: { yes?: boolean; keep?: string; json?: boolean }) => {
      const home = currentHome();
      const actor = shellActor();
      await requireStopped(home);
      if (await asOwnerOf(home.folder, (asRoot) => clearRemains(home, asRoot))) {
        if (json) return printJson({ outcome: "released", file: null, givenBack: "untouched", probes: [] });
        return print("It was given back already, or never touched; what was left over is cleared away.");
      }
      const { main, record } = await planRelease(home);
      if (!json)
        note([
          `Adopted on ${record.at.slice(0, 10)} by ${record.by}. Giving ${record.touched.path} back takes out:`,
          ...record.added
            .trim()
            .split("\n")
            .map((line) => `  - ${line}`),
          `  - ${record.folder}`,
          ...(main.how === "as-found" ? [] : [backSentence(main)]),
          "Rules for accounts and settings of the panel count no more; one reload.",
        ]);
      if (!yes && !(await askYes("Give this server back?"))) {
        setExitCode(EXIT.refused);
        if (json) return printJson({ outcome: "refused", refused: [NO_YES] });
        return note(NO_YES);
      }
      const lock = { who: `${actor.name} (cli)`, why: "giving the server back", waitMs: LOCK_WAIT_MS };
      const report = (step: Step, detail?: string) => {
        if (!json) note(detail ? `  ${detail}` : `${STEP_WORDS[step]}…`);
      };
      const released = await asOwnerOf(home.folder, (asRoot) =>
        withLock(home.lock, lock, async () =>
          releaseServer(home, await asRoot(() => planRelease(home)), {
            actor,
            keep: keep === undefined ? undefined : resolve(keep),
            report,
            asRoot,
          }),
        ),
      );
      answer(released, json ?? false);
    });
}

const NO_YES = "It was not agreed to: answer yes, or say --yes. Nothing was changed.";

function answer(released: Released, json: boolean): void {
  const { kind } = released;
  if (kind === "refused") {
    setExitCode(EXIT.refused);
    if (json) return printJson({ outcome: kind, refused: released.problems });
    return note([...released.problems, "Nothing was changed."]);
  }
  const how = { file: released.main.path, givenBack: released.main.how };
  if (kind === "done" || kind === "waiting") {
    const probes = kind === "done" ? released.probes : [];
    if (json) return printJson({ outcome: "released", ...how, probes });
    return print([
      backSentence(released.main),
      ...probes.map(({ listener, seen }) => `  ${listenerLabel(listener)}: ${seen.state}`),
      ...(kind === "waiting" ? ["Dovecot doesn't run, so nothing could be looked at."] : []),
    ]);
  }
  setExitCode(kind === "stuck" ? EXIT.stuck : EXIT.rolledBack);
  const wayBack =
    kind === "stuck" ? [released.wayBack] : ["The server is adopted as before, and was seen to work."];
  if (json) printJson({ outcome: kind, ...how, reason: released.reason, wayBack });
  else note([released.reason, ...wayBack]);
}
