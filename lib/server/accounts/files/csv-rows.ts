import { pipeline, Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import { unguardCell } from "@/lib/core/access/spreadsheet-cell";
import { BadFile } from "./bad-file";

export interface Row {
  /** The line on which it begins, from 1. */
  line: number;
  cells: string[];
}

/** In characters; what is longer has a quote that was left open. */
const LONGEST_LINE = 128_000;

/**
 * The rows of a CSV file as they come; empty lines are left out. Cells may be parted by commas, semicolons or tabs, as the
 * first line has it.
 * @throws BadFile for what no row can be made of, saying in which line.
 */
export async function* csvRows(content: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const { first, all } = await peeked(content);
  let broken: CsvError | undefined;
  const parser = parse({
    bom: true,
    info: true,
    delimiter: delimiterOf(first),
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    trim: true,
    maxRecordSize: LONGEST_LINE,
    // An error would take with it the rows that were read and not yet fetched.
    skipRecordsWithError: true,
    onSkip(error) {
      broken ??= error;
      return undefined;
    },
  });
  // Not pipe: it would leave the parser waiting where the content breaks off. The error comes out of the loop.
  pipeline(Readable.from(all, { objectMode: false }), parser, () => {});
  // The parser counts a line break of two characters inside quotes as two.
  let surplus = 0;
  let last = 0;
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (broken && info.records > Number(broken.records)) break;
    surplus += count(record, /\r\n/g);
    last = info.lines - surplus;
    yield {
      line: last - count(record, /\r\n|\r|\n/g),
      cells: record.map((cell) => unguardCell(cell)),
    };
  }
  if (broken) throw new BadFile(`${complaint(broken)} What follows was not read.`, last + 1);
}

interface Parsed {
  record: string[];
  info: { lines: number; records: number };
}

function count(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}

function complaint({ code }: CsvError): string {
  if (code === "CSV_QUOTE_NOT_CLOSED") return "A quote is opened here and never closed.";
  if (code === "CSV_MAX_RECORD_SIZE") return "It is longer than 128,000 characters: is a quote left open?";
  return "Its quotes are not those of a CSV file.";
}

/** The beginning of a file, and all of it once more. */
async function peeked(
  content: AsyncIterable<Uint8Array>,
): Promise<{ first: string; all: AsyncIterable<Uint8Array> }> {
  const rest = content[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let first = "";
  while (!/[\r\n]/.test(first) && first.length < LONGEST_LINE) {
    const { done, value } = await rest.next();
    if (done) break;
    pieces.push(value);
    first = Buffer.concat(pieces).toString("utf8");
  }
  return {
    first: first.split(/[\r\n]/)[0] ?? "",
    all: (async function* () {
      yield* pieces;
      yield* { [Symbol.asyncIterator]: () => rest };
    })(),
  };
}

const DELIMITERS = [",", ";", "\t"];

function delimiterOf(head: string): string {
  const most = DELIMITERS.toSorted((a, b) => head.split(b).length - head.split(a).length)[0];
  return most ?? ",";
}
