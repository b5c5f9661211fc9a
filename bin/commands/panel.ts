import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { isOptionGroup, type OptionGroupKey, optionGroupKeys, optionGroups } from "@/lib/core/panel/groups";
import type { OptionGroup } from "@/lib/core/panel/option";
import { openNode } from "@/lib/server/node";
import { panelSettings, savePanelSettings } from "@/lib/server/panel-settings";
import { parseAssignments } from "./assignments";
import { note, print, printJson, table, UsageError } from "./output";
import { shellActor } from "./rules/arguments";

export function panelCommand(): Command {
  return new Command("panel")
    .description(
      "settings of the panel itself: what is kept of sign-ins, alerts, what mail programs are told",
    )
    .addCommand(listCommand())
    .addCommand(setCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("every setting of the panel, a line each; secrets are not told")
    .option("--json", "as JSON: an object by group.key")
    .action(async ({ json }: { json?: boolean }) => {
      const { db } = await openNode();
      const rows: [key: string, value: string, label: string][] = [];
      for (const group of optionGroupKeys) {
        const { options }: OptionGroup = optionGroups[group];
        const { typed } = await panelSettings(db, group);
        for (const [key, { type, label, default: usual }] of Object.entries(options)) {
          const value = typed[key] ?? usual;
          rows.push([`${group}.${key}`, type === "secret" && value !== "" ? "(set)" : value, label]);
        }
      }
      if (json) return printJson(Object.fromEntries(rows));
      print(table([["KEY", "VALUE", "MEANING"], ...rows]));
    });
}

function setCommand(): Command {
  return new Command("set")
    .description("change settings of the panel")
    .argument(
      "<group.key=value...>",
      "for instance use.addressDays=14; group.key= empties it, and - as a secret's value reads it from standard input",
    )
    .option("--json", "as JSON: what changed")
    .action(async (assignments: string[], { json }: { json?: boolean }) => {
      const patches = byGroup(await withSecrets(parseAssignments(assignments)));
      const { db } = await openNode();
      const changed: string[] = [];
      for (const [group, patch] of patches) {
        const saved = await savePanelSettings(db, shellActor(), group, patch);
        if (saved.ok) changed.push(...saved.sentences);
        else if ("problems" in saved)
          throw new UsageError(
            saved.problems.map(({ key, message }) => `${group}.${key}: ${message}`).join("\n"),
          );
      }
      if (json) return printJson({ changed });
      print(changed.length === 0 ? "Nothing to change." : changed);
    });
}

/** On the command line every user of the machine can read them. */
async function withSecrets(given: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const secrets = Object.keys(given).filter((name) => isSecret(name) && given[name] !== "");
  const asked = secrets.filter((name) => given[name] === "-");
  if (asked.length > 1)
    throw new UsageError(`Standard input holds one secret: set ${asked.join(" and ")} one by one.`);
  if (secrets.length > asked.length)
    note(
      "A secret on the command line is seen in the list of processes. Better: …=- and the secret on standard input.",
    );
  const [name] = asked;
  if (name === undefined) return given;
  const [line = ""] = (await readAll(process.stdin)).split(/\r?\n/);
  return { ...given, [name]: line };
}

function isSecret(name: string): boolean {
  const [group = "", key = ""] = name.split(".", 2);
  const options: OptionGroup["options"] = isOptionGroup(group) ? optionGroups[group].options : {};
  return Object.hasOwn(options, key) && options[key]?.type === "secret";
}

function byGroup(assignments: Readonly<Record<string, string>>): Map<OptionGroupKey, Record<string, string>> {
  const patches = new Map<OptionGroupKey, Record<string, string>>();
  for (const [name, value] of Object.entries(assignments)) {
    const [group = "", key = ""] = name.split(".", 2);
    if (!isOptionGroup(group) || !Object.hasOwn(optionGroups[group].options, key))
      throw new UsageError(`There is no setting ${name}. See portcullis panel list.`);
    patches.set(group, { ...patches.get(group), [key]: value });
  }
  return patches;
}
