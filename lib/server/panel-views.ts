import { isOptionGroup, type OptionGroupKey, optionGroups } from "@/lib/core/panel/groups";
import type { OptionGroup } from "@/lib/core/panel/option";
import type { OptionAnswer, OptionView } from "@/lib/core/views";
import type { Database } from "./database/client";
import type { Actor } from "./mailserver/revisions";
import { panelSettings, savePanelSettings } from "./panel-settings";

/** A group as its form shows it: what is secret only as set or not. */
export async function optionViews(
  db: Database,
  key: OptionGroupKey,
): Promise<{ version: number; views: OptionView[] }> {
  const { version, typed } = await panelSettings(db, key);
  const { options }: OptionGroup = optionGroups[key];
  const views = Object.entries(options).map(([name, { label, help, type, choices, default: usual }]) => {
    const value = typed[name] ?? usual;
    const isSecret = type === "secret";
    return {
      key: name,
      label,
      help,
      type,
      choices: choices ?? [],
      value: isSecret ? "" : value,
      isSet: isSecret && value !== "",
    };
  });
  return { version, views };
}

/** Fields whose values no page shows, by the group that a form names. */
export function secretOptions(group: string): string[] {
  if (!isOptionGroup(group)) return [];
  const { options }: OptionGroup = optionGroups[group];
  return Object.keys(options).filter((name) => options[name]?.type === "secret");
}

/** Field of the box that says that a secret is to be removed. */
const forgetField = (key: string) => `${key}.forget`;

/** Saves what a form sent. A secret that was left empty stays; a switch that is off sends nothing. */
export async function saveOptionForm(
  db: Database,
  actor: Actor,
  key: OptionGroupKey,
  version: number,
  fields: Readonly<Record<string, unknown>>,
): Promise<OptionAnswer> {
  const { options }: OptionGroup = optionGroups[key];
  const patch: Record<string, string> = {};
  for (const [name, { type }] of Object.entries(options)) {
    const value = fields[name];
    if (type === "switch") patch[name] = value === "on" ? "on" : "off";
    else if (type === "secret" && fields[forgetField(name)] === "on") patch[name] = "";
    else if (typeof value === "string" && !(type === "secret" && value === "")) patch[name] = value.trim();
  }
  const saved = await savePanelSettings(db, actor, key, patch, version);
  if (saved.ok)
    return { problems: [], notice: saved.sentences.length === 0 ? "Nothing to change." : "Saved." };
  if ("problems" in saved) return { problems: saved.problems, notice: "" };
  const { by, sentences } = saved.conflict;
  return {
    problems: [],
    notice: `Nothing was saved: ${by} saved in between (${sentences.join(", ")}). The page shows that now; set yours again.`,
  };
}
