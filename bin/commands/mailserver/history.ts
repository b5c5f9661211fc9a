import { Command } from "commander";
import type { RevisionJson } from "@/lib/core/api/answers/mailserver";
import { type HistoryQuery, historyQuery } from "@/lib/core/settings/history-query";
import { listHistory } from "@/lib/server/mailserver/history";
import { historyEntryFacts } from "@/lib/server/mailserver/history-facts";
import { openNode } from "@/lib/server/node";
import { print, printJson, table, UsageError } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";

export function historyCommand(): Command {
  return alsoRemote(
    new Command("history")
      .description("the revisions of the settings, newest first")
      .option(
        "--q <text>",
        "only those with this in their sentences, reason or author; a number is a revision",
      )
      .option("--author <name>", "only those of this author")
      .option("--origin <origin>", "only those made by: page, cli, api, start, keeper, drift")
      .option(
        "--outcome <outcome>",
        "only those of which an attempt was: applied, rolled-back, rejected, stuck",
      )
      .option("--before <revision>", "only older ones than this")
      .option("--limit <number>", "so many", "25")
      .option("--json", "as JSON: an array")
      .action(async ({ json, ...options }: Record<string, string> & { json?: boolean }) => {
        const query = readQuery(options);
        const api = remotePanel();
        const entries = api
          ? (await api.listRevisions({ query: remoteQuery(query) })).body.items
          : (await listHistory((await openNode()).db, query)).entries.map(historyEntryFacts);
        if (json) printJson(entries);
        else print(table([["REVISION", "AT", "BY", "OUTCOME", "WHAT"], ...entries.map(cellsOf)]));
      }),
  );
}

function remoteQuery({ before: after, after: _newer, ...query }: HistoryQuery) {
  return { ...query, ...(after === undefined ? {} : { after }) };
}

function readQuery(options: Readonly<Record<string, string>>): HistoryQuery {
  const read = historyQuery.parse(options);
  if (!read.ok) throw new UsageError(read.problems.map(({ message }) => `--${message}`).join("\n"));
  return read.query;
}

function cellsOf(entry: RevisionJson): string[] {
  const { number, createdAt, author, origin, outcome, sentences, reason, undoes, undoneBy } = entry;
  const facts = [
    sentences.join(", "),
    ...(reason ? [`(${reason})`] : []),
    ...(undoes === null ? [] : [`[takes back ${undoes}]`]),
    ...(undoneBy === null ? [] : [`[taken back by ${undoneBy}]`]),
  ];
  return [String(number), createdAt, `${author} (${origin})`, outcome ?? "-", facts.join(" ")];
}
