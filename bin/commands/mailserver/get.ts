import { Command } from "commander";
import { settingKeys, settingOf } from "@/lib/core/settings/catalogue";
import type { Wanted } from "@/lib/core/settings/setting";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { knownKeys } from "./keys";

export function getCommand(): Command {
  return alsoRemote(
    new Command("get")
      .description("print the wanted settings; nothing after = is as the server's own files have it")
      .argument("[keys...]", "which ones; all when none is named (mailserver list has the keys)")
      .option("--json", "as JSON: revision and settings")
      .action(async (named: string[], { json }: { json?: boolean }) => {
        const keys = knownKeys(named);
        const { revision, settings } = await wanted();
        const asked = (keys.length > 0 ? keys : settingKeys).map(settingOf);
        if (json)
          printJson({
            revision,
            settings: Object.fromEntries(asked.map(({ key }) => [key, settings[key] ?? null])),
          });
        else print(asked.map(({ key, text }) => `${key}=${text(settings[key] ?? null)}`));
      }),
  );
}

async function wanted(): Promise<{ revision: number; settings: Readonly<Record<string, Wanted>> }> {
  const api = remotePanel();
  if (api) return (await api.getMailserver()).body;
  const { number, values } = await latestRevision((await openNode()).db);
  return { revision: number, settings: values };
}
