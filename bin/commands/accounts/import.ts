import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { Command, Option } from "commander";
import { formatOf, IMPORT_FORMATS, type ImportFormat } from "@/lib/server/accounts/import/policy-file";
import { type ImportCheck, type ImportProblem, prepareImport } from "@/lib/server/accounts/import/prepare";
import { discardImport, startImport } from "@/lib/server/accounts/import/start";
import { openNode } from "@/lib/server/node";
import { answerJob } from "../jobs/answer";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { many } from "../progress";
import { shellActor } from "../rules/arguments";
import { requireReadable } from "./sync";

interface ImportOptions {
  dryRun?: boolean;
  format?: ImportFormat;
  reason: string;
  json?: boolean;
}

export function importCommand(): Command {
  return new Command("import")
    .description("set policies from a file, as one change; a file with a bad line changes nothing")
    .argument(
      "<file>",
      'CSV or JSON with address (an account, @domain or *), imap, pop3 (allow, deny, inherit or empty), until, reason; "-" for standard input',
    )
    .option("--dry-run", "name every bad line and what would change, change nothing")
    .addOption(new Option("--format <format>", "when the file's name doesn't say").choices(IMPORT_FORMATS))
    .option("--reason <text>", "why, for every line without a reason of its own", "")
    .option("--json", "as JSON")
    .action(async (file: string, { dryRun, format, reason, json = false }: ImportOptions) => {
      if (file !== "-") await requireReadable(file);
      const node = await openNode();
      const source = {
        name: file === "-" ? "standard input" : basename(file),
        format: format ?? formatOf(file),
        content: file === "-" ? process.stdin : createReadStream(file),
      };
      const problems: ImportProblem[] = [];
      const check = await prepareImport(node, source, (problem) => {
        if (json) problems.push(problem);
        else note(problemLine(problem, source.format));
      });
      const { id, ...facts } = check;
      if (id === undefined) {
        setExitCode(EXIT.usage);
        if (json) return printJson({ dryRun: dryRun ?? false, ...facts, problems });
        return note(`${many(check.bad, "line is", "lines are")} bad. Nothing was changed.`);
      }
      if (dryRun || check.changing === 0) {
        await discardImport(node, id);
        if (json) return printJson({ dryRun: dryRun ?? false, ...facts, problems, job: null });
        return print([...checkLines(check), "Nothing was changed."]);
      }
      if (!json) note(checkLines(check));
      const job = await startImport(node, id, { reason, actor: shellActor() });
      await answerJob(node, job, json, { ...facts, problems });
    });
}

function problemLine({ line, sentence }: ImportProblem, format: ImportFormat): string {
  if (line === null) return sentence;
  return `${format === "csv" ? "Line" : "Entry"} ${line}: ${sentence}`;
}

function checkLines({
  lines,
  changing,
  alreadySo,
  silent,
  unknown,
  unknownNames,
  exported,
}: ImportCheck): string[] {
  const rest = unknown - unknownNames.length;
  return [
    ...(exported
      ? [
          "This file was exported: imap_override and pop3_override are taken, imap and pop3 only tell what was effective.",
        ]
      : []),
    `${many(lines, "line", "lines")}: ${changing.toLocaleString("en")} to change, ${alreadySo.toLocaleString("en")} so already, ${silent.toLocaleString("en")} that say nothing.`,
    ...(unknown > 0
      ? [
          `${many(unknown, "line names", "lines name")} what no listing knows; the rules are set all the same: ${unknownNames.join(", ")}${rest > 0 ? ` and ${rest.toLocaleString("en")} more` : ""}.`,
        ]
      : []),
  ];
}
