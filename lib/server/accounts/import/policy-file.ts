import { headProblems, isExported, type LineRead, readPolicyLine } from "@/lib/core/access/policy-line";
import { readUntil } from "../../read-until";
import { atMost } from "../files/bad-file";
import { csvRows } from "../files/csv-rows";
import { jsonEntries } from "./json-entries";

export const IMPORT_FORMATS = ["csv", "json"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** JSON where the name says so, else CSV. */
export function formatOf(name: string): ImportFormat {
  return name.toLowerCase().endsWith(".json") ? "json" : "csv";
}

/** In bytes. */
const LARGEST_CSV = 512 * 1024 * 1024;

export interface FileLine {
  /** Of a CSV file the line, from 1; of JSON the entry, from 1. */
  line: number;
  read: LineRead;
  /** It is of an exported file, so that its `imap` and `pop3` were not read. */
  exported: boolean;
}

/**
 * The lines of a file of policies, each read by itself.
 * @throws BadFile when it is no file of this kind, is too large, or can't be read on.
 */
export async function* policyLines(
  content: AsyncIterable<Uint8Array>,
  format: ImportFormat,
): AsyncGenerator<FileLine> {
  if (format === "json") {
    for await (const { line, cells, problems } of jsonEntries(content)) {
      const exported = isExported(Object.keys(cells));
      const all = [...problems, ...headProblems(Object.keys(cells))];
      yield {
        line,
        exported,
        read: all.length > 0 ? { ok: false, problems: all } : readPolicyLine(cells, exported, readUntil),
      };
    }
    return;
  }
  let columns: string[] | undefined;
  for await (const { line, cells } of csvRows(atMost(content, LARGEST_CSV))) {
    if (!columns) {
      columns = cells.map((cell) => cell.trim().toLowerCase());
      const problems = headProblems(columns);
      if (problems.length === 0) continue;
      yield { line, exported: false, read: { ok: false, problems } };
      return;
    }
    yield readRow(line, cells, columns);
  }
}

function readRow(line: number, cells: readonly string[], columns: readonly string[]): FileLine {
  const exported = isExported(columns);
  if (cells.some((cell) => cell.includes("\ufffd")))
    return { line, exported, read: { ok: false, problems: [NOT_UTF8] } };
  const stray = cells.findIndex((cell, index) => cell !== "" && (columns[index] ?? "") === "");
  if (stray >= 0) {
    const problem = `Cell ${stray + 1}, ${JSON.stringify(cells[stray]?.slice(0, 80))}, is in no column.`;
    return { line, exported, read: { ok: false, problems: [problem] } };
  }
  const named = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
  return { line, exported, read: readPolicyLine(named, exported, readUntil) };
}

const NOT_UTF8 = "It has a character that is not UTF-8. Save the file as CSV UTF-8.";
