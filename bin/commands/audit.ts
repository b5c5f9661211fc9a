import { Command, Option } from "commander";
import { type AuditRow, readDetail } from "@/lib/core/audit/entry";
import { type AuditQuery, auditQuery } from "@/lib/core/audit/query";
import { EXPORT_FORMATS, type ExportFormat } from "@/lib/server/accounts/export/stream";
import { checkAudit } from "@/lib/server/audit/check";
import { auditFacts, exportAudit } from "@/lib/server/audit/export";
import { listAudit } from "@/lib/server/audit/list";
import { auditExport, auditLook } from "@/lib/server/audit/read";
import { openNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode, table, UsageError, write } from "./output";
import { shellActor } from "./rules/arguments";
import { writeFileWhole } from "./whole-file";

export function auditCommand(): Command {
  return new Command("audit")
    .description("who did or tried what, from where and why; and whether anybody tampered with that")
    .addCommand(
      withFilter(new Command("list"))
        .description("entries, newest first")
        .option("--before <number>", "only older ones than this entry")
        .option("--limit <number>", "so many", "50")
        .option("--json", "as JSON: an array")
        .action(list),
    )
    .addCommand(
      withFilter(new Command("export"))
        .description("every entry that the filters take, oldest first, as a file")
        .addOption(
          new Option(
            "--format <format>",
            "csv when neither this nor the name of --out says otherwise",
          ).choices(EXPORT_FORMATS),
        )
        .option("--out <file>", "where to; standard output without it")
        .action(exportTo),
    )
    .addCommand(
      new Command("verify")
        .description("exit 0 only if every entry is as it was written, and none is missing, moved or put in")
        .option("--json", "as JSON: whole, entries, faults and where they are")
        .action(verify),
    );
}

function withFilter(command: Command): Command {
  return command
    .option("--q <text>", "only those with this in their subject, sentences or reason")
    .option("--who <name>", "any part of the actor's name")
    .option("--action <action>", "for instance mailserver.save, or mailserver for all of them")
    .option("--outcome <outcome>", "for instance done, refused, read")
    .option("--from <day>", "since this day or instant: 2026-11-25, 2026-11-25T18:00Z")
    .option("--until <day>", "up to this day or instant");
}

type Options = Record<string, string> & { json?: boolean };

function readQuery(options: Readonly<Record<string, string>>): AuditQuery {
  const read = auditQuery.parse(options);
  if (!read.ok) throw new UsageError(read.problems.map(({ message }) => `--${message}`).join("\n"));
  return read.query;
}

async function list({ json, ...options }: Options): Promise<void> {
  const query = readQuery(options);
  const { db } = await openNode();
  const { rows } = await listAudit(db, query);
  await auditLook(db, shellActor());
  if (json) return printJson(rows.map(auditFacts));
  if (rows.length === 0) return print("None.");
  print(table([["NO.", "AT", "WHO", "FROM", "ACTION", "OUTCOME", "WHAT"], ...rows.map(cellsOf)]));
}

function cellsOf(row: AuditRow): string[] {
  const { number, at, actor, origin, from, via, action, outcome, subject } = row;
  const { sentences, after = [], reason } = readDetail(row.detail);
  const who = `${actor} (${[origin, via].filter(Boolean).join(", ")})`;
  const told = sentences.length > 0 ? sentences : after;
  const what = [subject && `${subject}:`, told.join("; "), reason && `(${reason})`].filter(Boolean).join(" ");
  return [String(number), at, who, from || "-", action, outcome, what.replace(/\s+/g, " ")];
}

async function exportTo({ format, out, ...options }: Options & { format?: ExportFormat }): Promise<void> {
  const query = readQuery(options);
  const { db } = await openNode();
  const form = format ?? (out?.toLowerCase().endsWith(".json") ? "json" : "csv");
  await auditExport(db, shellActor(), { what: "audit", filter: auditQuery.search(query), form });
  const pieces = exportAudit(db, query, { format: form });
  if (out !== undefined) return await writeFileWhole(out, pieces);
  for await (const text of pieces) await write(text);
}

async function verify({ json }: { json?: boolean }): Promise<void> {
  const { db } = await openNode();
  const verdict = await checkAudit(db);
  if (!verdict.whole) setExitCode(EXIT.notInForce);
  if (json) return printJson(verdict);
  const { whole, entries, first, last, anchor, head, sealed, faults, faultsInAll } = verdict;
  if (whole)
    print(
      entries === 0
        ? "There is no entry yet."
        : `Whole: ${entries.toLocaleString("en")} ${entries === 1 ? "entry" : "entries"}, ${first} to ${last}.`,
    );
  else {
    print(faults.map(({ sentence }) => sentence));
    if (faultsInAll > faults.length) print(`And ${(faultsInAll - faults.length).toLocaleString("en")} more.`);
  }
  if (anchor) note(`Older entries, up to ${anchor.number} of ${anchor.at}, were removed by retention.`);
  if (head === null && entries > 0)
    note("No copy of the newest entry lies beside the database: that the end was cut off could not be seen.");
  if (!sealed) note("This home has no secret, so entries have no seals.");
}
