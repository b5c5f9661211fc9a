import { Command } from "commander";
import { addFreeze, type FreezeWindow, freezeWindows, removeFreeze } from "@/lib/server/mailserver/freeze";
import { openNode } from "@/lib/server/node";
import { print, printJson, table, UsageError } from "../output";
import { readEnd, readNumber, shellActor } from "../rules/arguments";

export function freezeCommand(): Command {
  return new Command("freeze")
    .description("spans of time in which nothing may reload Dovecot")
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("those that stand or are to come")
    .option("--json", "as JSON: an array")
    .action(async ({ json }: { json?: boolean }) => {
      const windows = await freezeWindows((await openNode()).db);
      if (json) return printJson(windows);
      print(
        windows.length === 0
          ? "None."
          : table([["ID", "FROM", "UNTIL", "BY", "WHY"], ...windows.map(cellsOf)]),
      );
    });
}

function addCommand(): Command {
  return new Command("add")
    .description("nothing may reload Dovecot until then")
    .argument("<until>", "its end: +4h, friday 18:00, 2026-11-27T18:00Z")
    .option("--from <instant>", "its beginning; now when it is not named")
    .option("--reason <text>", "why", "")
    .option("--json", "as JSON")
    .action(
      async (until: string, { from, reason, json }: { from?: string; reason: string; json?: boolean }) => {
        const end = readEnd(until);
        const begin = readEnd(from);
        const added = await addFreeze((await openNode()).db, {
          startsAt: begin === null ? new Date() : new Date(begin * 1000),
          endsAt: new Date((end ?? 0) * 1000),
          reason,
          actor: shellActor(),
        });
        if (!added.ok) throw new UsageError(added.problems.map(({ message }) => message).join("\n"));
        if (json) printJson(added.window);
        else print(`Freeze window ${added.window.id}, until ${added.window.endsAt.toISOString()}.`);
      },
    );
}

function removeCommand(): Command {
  return new Command("remove")
    .description("give one up")
    .argument("<id>", "its number")
    .action(async (text: string) => {
      const id = readNumber(text, "The window");
      if (!(await removeFreeze((await openNode()).db, id, shellActor())))
        throw new UsageError(`There is no freeze window ${id}.`);
      print(`Freeze window ${id} is gone.`);
    });
}

function cellsOf({ id, startsAt, endsAt, author, reason }: FreezeWindow): string[] {
  return [String(id), startsAt.toISOString(), endsAt.toISOString(), author, reason];
}
