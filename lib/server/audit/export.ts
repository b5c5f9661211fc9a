import { stringify } from "csv-stringify/sync";
import { guardCell } from "@/lib/core/access/spreadsheet-cell";
import { type AuditRow, readDetail } from "@/lib/core/audit/entry";
import type { AuditFilter } from "@/lib/core/audit/query";
import { type ExportFormat, jsonArray } from "../accounts/export/stream";
import type { Database } from "../database/client";
import { conditionsOf } from "./list";
import { auditPages } from "./rows";

/**
 * The entries of a filter as the text of a file, the oldest first, piece by piece. With every field that a hash is of, so that
 * the chain can be verified from the file alone.
 */
export async function* exportAudit(
  db: Database,
  filter: AuditFilter,
  { format, mark = false }: { format: ExportFormat; mark?: boolean },
): AsyncGenerator<string> {
  const pages = auditPages(db, conditionsOf(filter));
  if (format === "json") return yield* jsonArray(pages, auditFacts);
  yield (mark ? "\ufeff" : "") + stringify([Object.keys(COLUMNS)]);
  for await (const rows of pages) yield csvLines(rows);
}

/** An entry as JSON answers it: its fields as they are stored, and beside them what its detail holds. */
export function auditFacts(row: AuditRow) {
  const { sentences, before, after, reason, filesBefore, filesAfter, probes } = readDetail(row.detail);
  const told = {
    sentences,
    before: before ?? [],
    after: after ?? [],
    reason: reason ?? "",
    filesBefore: filesBefore ?? null,
    filesAfter: filesAfter ?? null,
    probes: probes ?? [],
  };
  return { ...row, ...told };
}

const lines = (texts: readonly string[] | undefined) => (texts ?? []).join("\n");
const files = (digests: Readonly<Record<string, string>> | undefined) =>
  lines(Object.entries(digests ?? {}).map(([name, digest]) => `${name} ${digest}`));

const COLUMNS: Readonly<Record<string, (row: AuditRow, told: ReturnType<typeof readDetail>) => string>> = {
  number: ({ number }) => String(number),
  at: ({ at }) => at,
  actor: ({ actor }) => actor,
  origin: ({ origin }) => origin,
  from: ({ from }) => from,
  via: ({ via }) => via,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  subject: ({ subject }) => subject,
  what: (_, { sentences }) => lines(sentences),
  before: (_, { before }) => lines(before),
  after: (_, { after }) => lines(after),
  reason: (_, { reason }) => reason ?? "",
  files_before: (_, { filesBefore }) => files(filesBefore),
  files_after: (_, { filesAfter }) => files(filesAfter),
  probes: (_, { probes }) => lines(probes),
  detail: ({ detail }) => detail,
  previous_hash: ({ previousHash }) => previousHash,
  hash: ({ hash }) => hash,
  seal: ({ seal }) => seal,
};
const CELLS = Object.values(COLUMNS);

function csvLines(rows: readonly AuditRow[]): string {
  return stringify(
    rows.map((row) => {
      const told = readDetail(row.detail);
      return CELLS.map((cell) => guardCell(cell(row, told)));
    }),
    { quoted_match: [/[;\t']/, /^\s|\s$/] },
  );
}
