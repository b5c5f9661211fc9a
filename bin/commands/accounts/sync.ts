import { access, constants } from "node:fs/promises";
import { Command } from "commander";
import { fileSource, serverSource } from "@/lib/server/accounts/listing/sources";
import { listingSentence, syncAccounts } from "@/lib/server/accounts/listing/sync";
import { openNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { many, Progress } from "../progress";
import { shellActor } from "../rules/arguments";

export function syncCommand(): Command {
  return new Command("sync")
    .description("list the accounts anew; nothing that is enforced changes by it")
    .option("--from <file>", "a list of addresses, CSV or JSON, for a server that can't list its own")
    .option("--json", "as JSON")
    .action(async ({ from, json }: { from?: string; json?: boolean }) => {
      const node = await openNode();
      if (from !== undefined) await requireReadable(from);
      const source = from === undefined ? serverSource(node.instance) : fileSource(from);
      const progress = new Progress();
      const listed = await syncAccounts(node, shellActor(), source, async (found) =>
        progress.report(`${many(found, "account", "accounts")} found`),
      );
      progress.end();
      if (listed.outcome !== "complete") setExitCode(EXIT.partial);
      if (json) return printJson({ source: source.name, ...listed });
      print(listingSentence(listed));
      if (listed.notes.length > 0) note(listed.notes);
    });
}

export async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new UsageError(`The file can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
