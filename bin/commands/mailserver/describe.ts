import { Command } from "commander";
import { sectionOf, settingOf } from "@/lib/core/settings/catalogue";
import { detailsOf, rangeWords, summaryOf } from "@/lib/core/settings/describe";
import { type Effective, effectiveSettings } from "@/lib/server/mailserver/effective";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { openNode } from "@/lib/server/node";
import { print, printJson, table } from "../output";
import { knownKeys } from "./keys";

export function describeCommand(): Command {
  return new Command("describe")
    .description("all about a setting: what it does, what can go wrong, what is wanted and what Dovecot has")
    .argument("<keys...>", "which ones (mailserver list has the keys)")
    .option("--json", "as JSON: an array of objects")
    .action(async (named: string[], { json }: { json?: boolean }) => {
      const keys = knownKeys(named);
      const node = await openNode();
      const { values } = await latestRevision(node.db);
      const effective = await effectiveSettings(node, values, keys);
      const described = keys.map((key, index) => ({
        ...summaryOf(settingOf(key), values),
        ...detailsOf(settingOf(key)),
        effective: effective.settings[index] ?? null,
      }));
      if (json) return printJson(described);
      for (const [index, key] of keys.entries()) {
        print([...(index > 0 ? [""] : []), ...linesFor(key, values, effective.settings[index])]);
      }
    });
}

function linesFor(
  key: ReturnType<typeof knownKeys>[number],
  values: Awaited<ReturnType<typeof latestRevision>>["values"],
  effective: Effective | undefined,
): string[] {
  const setting = settingOf(key);
  const { dovecotDefault, ask, idle } = detailsOf(setting);
  const rows: [string, string][] = [
    ["section", sectionOf(key).label],
    [
      "may be",
      `${rangeWords(setting)}${setting.mayBeUnset ? ", or nothing: as the server's own files have it" : ""}`,
    ],
    ["wanted", setting.words(values[key])],
    [
      "default",
      `${setting.words(setting.default)}${dovecotDefault ? ` (Dovecot's own: ${dovecotDefault})` : ""}`,
    ],
    ["since", `Dovecot ${setting.since}`],
    ["risk", `${setting.risk.level}. ${setting.risk.sentence}`],
    ...(idle && setting.idle?.when(values) ? [["now", `Without effect. ${idle}`] as [string, string]] : []),
    ...Object.entries(ask).flatMap(([family, questions]) =>
      questions.map((question): [string, string] => [`ask ${family}`, question]),
    ),
    ...(effective?.sentences ?? []).map((sentence, index): [string, string] => [
      index === 0 ? "effective" : "",
      sentence,
    ]),
  ];
  return [
    `${setting.key}: ${setting.label}`,
    setting.help,
    ...table(rows.map(([name, text]) => [`  ${name}`, text])),
  ];
}
