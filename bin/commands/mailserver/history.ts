import { Command } from "commander";
import { type HistoryQuery, historyQuery } from "@/lib/core/settings/history-query";
import { type HistoryEntry, listHistory } from "@/lib/server/mailserver/history";
import { openNode } from "@/lib/server/node";
import { print, printJson, table, UsageError } from "../output";

export function historyCommand(): Command {
  return new Command("history")
    .description("the revisions of the settings, newest first")
    .option("--q <text>", "only those with this in their sentences, reason or author; a number is a revision")
    .option("--author <name>", "only those of this author")
    .option("--origin <origin>", "only those made by: page, cli, start, keeper, drift")
    .option(
      "--outcome <outcome>",
      "only those of which an attempt was: applied, rolled-back, rejected, stuck",
    )
    .option("--before <revision>", "only older ones than this")
    .option("--limit <number>", "so many", "25")
    .option("--json", "as JSON: an array")
    .action(async ({ json, ...options }: Record<string, string> & { json?: boolean }) => {
      const { entries } = await listHistory((await openNode()).db, readQuery(options));
      if (json) printJson(entries);
      else print(table([["REVISION", "AT", "BY", "OUTCOME", "WHAT"], ...entries.map(cellsOf)]));
    });
}

function readQuery(options: Readonly<Record<string, string>>): HistoryQuery {
  const read = historyQuery.parse(options);
  if (!read.ok) throw new UsageError(read.problems.map(({ message }) => `--${message}`).join("\n"));
  return read.query;
}

function cellsOf(entry: HistoryEntry): string[] {
  const { number, createdAt, author, origin, outcome, sentences, reason, undoes, undoneBy } = entry;
  const facts = [
    sentences.join(", "),
    ...(reason ? [`(${reason})`] : []),
    ...(undoes === null ? [] : [`[takes back ${undoes}]`]),
    ...(undoneBy === null ? [] : [`[taken back by ${undoneBy}]`]),
  ];
  return [String(number), createdAt.toISOString(), `${author} (${origin})`, outcome ?? "-", facts.join(" ")];
}
