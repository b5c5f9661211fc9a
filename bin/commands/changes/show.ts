import { Command } from "commander";
import { subjectLabel } from "@/lib/core/access/subject";
import { type ChangedRule, findChange } from "@/lib/server/access/changes";
import { withIsoEnd } from "@/lib/server/access/rule-facts";
import { isoOf } from "@/lib/server/accounts/export/facts";
import { openNode } from "@/lib/server/node";
import { print, printJson, table, UsageError } from "../output";
import { readNumber } from "../rules/arguments";

const RULES = "100";

export function showCommand(): Command {
  return new Command("show")
    .description("a change and the rules that it changed")
    .argument("<id>", "the change's number")
    .option("--limit <number>", "so many of its rules", RULES)
    .option("--json", "as JSON")
    .action(async (text: string, { limit, json }: { limit: string; json?: boolean }) => {
      const id = readNumber(text, "The change");
      const change = await findChange(await openNode(), id, readNumber(limit, "--limit"));
      if (!change) throw new UsageError(`There is no change ${id}.`);
      const { rules, ...facts } = change;
      if (json)
        return printJson({
          ...facts,
          rules: rules.map((rule) => ({
            ...rule,
            before: withIsoEnd(rule.before),
            after: withIsoEnd(rule.after),
          })),
        });
      print([
        `Change ${id}: ${change.sentence}`,
        `By ${change.actor} (${change.origin}), ${change.at.toISOString()}${change.reason ? `: ${change.reason}` : ""}`,
        ...(change.undoes === null ? [] : [`It took back change ${change.undoes}.`]),
        ...(change.undoneBy === null ? [] : [`It was taken back by change ${change.undoneBy}.`]),
        "",
        ...table([["WHOSE", "PROTOCOL", "BEFORE", "AFTER"], ...rules.map(cellsOf)]),
        ...(change.rulesInAll > rules.length
          ? [`and ${(change.rulesInAll - rules.length).toLocaleString("en")} more; see --limit`]
          : []),
      ]);
    });
}

function cellsOf({ subject, protocol, kind, before, after }: ChangedRule): string[] {
  const none = kind === "suspension" ? "not suspended" : "inherit";
  return [subjectLabel(subject), protocol, told(before, none), told(after, none)];
}

function told(facts: ChangedRule["after"], none: string): string {
  if (!facts) return none;
  const end = facts.until === null ? "" : ` until ${isoOf(facts.until) ?? ""}`;
  return `${"state" in facts ? facts.state : "suspended"}${end}`;
}
