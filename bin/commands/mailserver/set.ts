import { Command } from "commander";
import { openNode } from "@/lib/server/node";
import { UsageError } from "../output";
import { type ChangeOptions, change, withChangeOptions } from "./answer";

export function setCommand(): Command {
  const command = new Command("set")
    .description("change settings: check, save as one revision, apply and confirm")
    .argument(
      "<key=value...>",
      "for instance pop3=off; key=default takes Portcullis's default, key= leaves it to the server's own files",
    )
    .action(async (assignments: string[], options: ChangeOptions) => {
      const patch = parseAssignments(assignments);
      await change(await openNode(), patch, options);
    });
  return withChangeOptions(command);
}

function parseAssignments(assignments: readonly string[]): Record<string, string> {
  const patch: Record<string, string> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw new UsageError(`"${assignment}" is not of the form key=value, for instance pop3=off.`);
    const key = assignment.slice(0, at);
    if (Object.hasOwn(patch, key)) throw new UsageError(`${key} is set twice.`);
    patch[key] = assignment.slice(at + 1);
  }
  return patch;
}
