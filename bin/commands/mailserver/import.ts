import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { importOf } from "@/lib/core/settings/exchange";
import { openNode } from "@/lib/server/node";
import { EXIT, printJson, setExitCode, UsageError } from "../output";
import { type ChangeOptions, change, complain, withChangeOptions } from "./answer";

export function importCommand(): Command {
  const command = new Command("import")
    .description("take settings from a file that export wrote; what it doesn't name stays as it is")
    .argument("<file>", "the file; - is standard input")
    .action(async (file: string, options: ChangeOptions) => {
      const read = importOf(await jsonIn(file));
      if (!read.ok) {
        setExitCode(EXIT.usage);
        if (options.json) printJson({ outcome: "invalid", saved: false, problems: read.problems });
        else complain(read.problems, "Nothing was saved or changed.");
        return;
      }
      await change(await openNode(), read.values, options);
    });
  return withChangeOptions(command);
}

async function jsonIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(file === "-" ? await text(process.stdin) : await readFile(file, "utf8")) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      error instanceof SyntaxError ? `${file} is not JSON: ${why}` : `${file} can't be read: ${why}`,
    );
  }
}
