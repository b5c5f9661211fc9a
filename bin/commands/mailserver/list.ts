import { Command } from "commander";
import { sections, settings } from "@/lib/core/settings/catalogue";
import { summaryOf } from "@/lib/core/settings/describe";
import { matches } from "@/lib/core/settings/search";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson, table } from "../output";

export function listCommand(): Command {
  return new Command("list")
    .description("every setting with its value, its default and what it may be")
    .option("--search <text>", "only those with these words in key, label or help", "")
    .option("--json", "as JSON: an array of objects")
    .action(async ({ search, json }: { search: string; json?: boolean }) => {
      const { values } = await latestRevision((await openNode()).db);
      const found = settings.filter((setting) => matches(setting, search));
      if (json) return printJson(found.map((setting) => summaryOf(setting, values)));
      for (const { label, settings: all } of sections) {
        const shown = found.filter((setting) => all.some(({ key }) => key === setting.key));
        if (shown.length === 0) continue;
        const rows = shown.map((setting) => [
          `  ${setting.key}`,
          setting.words(values[setting.key]),
          `(${setting.words(setting.default)})`,
          setting.label,
        ]);
        print([label, ...table([["  key", "value", "(default)", "label"], ...rows]), ""]);
      }
      if (found.length === 0) print(`No setting has "${search}" in its key, label or help.`);
    });
}
