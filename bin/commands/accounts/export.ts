import { Command, Option } from "commander";
import { listQuery } from "@/lib/core/access/list-query";
import { EXPORT_FORMATS, type ExportFormat, exportAccounts } from "@/lib/server/accounts/export/stream";
import { auditExport } from "@/lib/server/audit/read";
import { openNode } from "@/lib/server/node";
import { write } from "../output";
import { shellActor } from "../rules/arguments";
import { writeFileWhole } from "../whole-file";
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
      const node = await openNode();
      const filter = listQuery.search({ ...request.filter, sort: request.sort });
      await auditExport(node.db, shellActor(), { what: "accounts", filter, form: form.format });
      const pieces = exportAccounts(node, request, form);
      if (out === undefined) for await (const text of pieces) await write(text);
      else await writeFileWhole(out, pieces);
    });
}
