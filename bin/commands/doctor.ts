import { Command } from "commander";
import type { Checked, CheckState } from "@/lib/server/doctor/check";
import { examine } from "@/lib/server/doctor/examine";
import { currentHome } from "@/lib/server/home";
import { EXIT, print, printJson, setExitCode, table } from "./output";
import { Progress } from "./progress";

/** `root`: the folder that Portcullis's own programs lie in. */
export function doctorCommand(root: string): Command {
  return new Command("doctor")
    .description(
      "check the whole installation, and say how to mend what is found; exit 7 where something failed",
    )
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const progress = new Progress();
      const checks = await examine(currentHome(), root, ({ id }) => progress.report(`Looking at ${id} …`));
      progress.end();
      const counts = countsOf(checks);
      if (counts.fail > 0) setExitCode(EXIT.notInForce);
      if (json) printJson({ checkedAt: new Date(), ...counts, checks });
      else print(linesOf(checks, counts));
    });
}

const WORDS: Readonly<Record<CheckState, string>> = { ok: "ok", warn: "warn", fail: "FAIL", unknown: "?" };

type Counts = Record<CheckState, number>;

function countsOf(checks: readonly Checked[]): Counts {
  const counts: Counts = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { state } of checks) counts[state]++;
  return counts;
}

function linesOf(checks: readonly Checked[], counts: Counts): string[] {
  const groups = [...new Set(checks.map(({ group }) => group))];
  return [
    ...groups.flatMap((group) => [
      group,
      ...checks.filter((check) => check.group === group).flatMap(linesFor),
    ]),
    "",
    ...(counts.fail + counts.warn + counts.unknown === 0
      ? ["Everything is well."]
      : [
          table([
            [
              `${counts.fail} failed`,
              `${counts.warn} to look at`,
              `${counts.unknown} unknown`,
              `${counts.ok} well`,
            ],
          ])[0] ?? "",
        ]),
  ];
}

function linesFor({ state, sentence, mend }: Checked): string[] {
  return [`  ${WORDS[state].padEnd(5)} ${sentence}`, ...(mend === null ? [] : [`        → ${mend}`])];
}
