import { Command } from "commander";
import { type AccessChangeFacts, listChanges } from "@/lib/server/access/changes";
import { openNode } from "@/lib/server/node";
import { print, printJson, table } from "../output";
import { readNumber } from "../rules/arguments";

const LATEST = "20";

export function listCommand(): Command {
  return new Command("list")
    .description("the latest changes, newest first")
    .option("--limit <number>", "how many", LATEST)
    .option("--before <id>", "only older ones than this change")
    .option("--json", "as JSON: an array")
    .action(async ({ limit, before, json }: { limit: string; before?: string; json?: boolean }) => {
      const request = {
        limit: readNumber(limit, "--limit"),
        before: before === undefined ? undefined : readNumber(before, "--before"),
      };
      const changes = await listChanges(await openNode(), request);
      if (json) printJson(changes);
      else print(table([["CHANGE", "AT", "BY", "WHAT"], ...changes.map(cellsOf)]));
    });
}

function cellsOf({ id, at, actor, origin, sentence, reason, undoneBy }: AccessChangeFacts): string[] {
  const why = reason === "" ? "" : ` (${reason})`;
  const back = undoneBy === null ? "" : ` [taken back by ${undoneBy}]`;
  return [String(id), at.toISOString(), `${actor} (${origin})`, `${sentence}${why}${back}`];
}
