import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { exportOf } from "@/lib/core/settings/exchange";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson, UsageError } from "../output";

export function exportCommand(): Command {
  return new Command("export")
    .description("write the wanted settings as a JSON file (docs/settings.schema.json) that import takes")
    .option("--out <file>", "where to; standard output when not said")
    .option("--json", "as JSON, which it always is")
    .action(async ({ out }: { out?: string }) => {
      const { values } = await latestRevision((await openNode()).db);
      const file = exportOf(values);
      if (out === undefined) return printJson(file);
      try {
        await writeFile(out, `${JSON.stringify(file, null, 2)}\n`);
      } catch (error) {
        throw new UsageError(
          `${out} can't be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      print(out);
    });
}
