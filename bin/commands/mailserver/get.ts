import { Command } from "commander";
import { settingKeys, settingOf } from "@/lib/core/settings/catalogue";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson } from "../output";
import { knownKeys } from "./keys";

export function getCommand(): Command {
  return new Command("get")
    .description("print the wanted settings; nothing after = is as the server's own files have it")
    .argument("[keys...]", "which ones; all when none is named (mailserver list has the keys)")
    .option("--json", "as JSON: revision and settings")
    .action(async (named: string[], { json }: { json?: boolean }) => {
      const keys = knownKeys(named);
      const { number, values } = await latestRevision((await openNode()).db);
      const asked = (keys.length > 0 ? keys : settingKeys).map(settingOf);
      if (json)
        printJson({
          revision: number,
          settings: Object.fromEntries(asked.map(({ key }) => [key, values[key]])),
        });
      else print(asked.map(({ key, text }) => `${key}=${text(values[key])}`));
    });
}
