import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { EXPORT_FORMATS, type ExportFormat, exportAccounts } from "@/lib/server/accounts/export/stream";
import { openNode } from "@/lib/server/node";
import { note, UsageError, write } from "../output";
import { addChoiceOptions, type ChoiceOptions, requestFrom } from "./list";

interface ExportOptions extends ChoiceOptions {
  format?: ExportFormat;
  out?: string;
  bom?: boolean;
}

export function exportCommand(): Command {
  return addChoiceOptions(
    new Command("export").description(
      "every account that the filters take, as a file for spreadsheets or scripts",
    ),
  )
    .addOption(
      new Option("--format <format>", "csv when neither this nor the name of --out says otherwise").choices(
        EXPORT_FORMATS,
      ),
    )
    .option("--out <file>", "where to; standard output without it")
    .option("--bom", "begin CSV with the byte order mark by which spreadsheets know UTF-8")
    .action(async ({ format, out, bom = false, ...options }: ExportOptions) => {
      const request = requestFrom(options);
      const form = {
        format: format ?? (out?.toLowerCase().endsWith(".json") ? "json" : "csv"),
        mark: bom,
      } as const;
      const pieces = exportAccounts(await openNode(), request, form);
      if (out === undefined) for await (const text of pieces) await write(text);
      else await writeFileWhole(out, pieces);
    });
}

/** The file is there whole or not at all. */
async function writeFileWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof Error && "syscall" in error)
      throw new UsageError(`The file can't be written: ${error.message}`);
    throw error;
  }
  note(`Written to ${path}.`);
}
