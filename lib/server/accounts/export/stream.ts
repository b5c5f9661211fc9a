import { setImmediate as turn } from "node:timers/promises";
import type { AccountFilter, Sort } from "@/lib/core/access/filter";
import type { MailNode } from "../../node";
import { type AccountRow, listAccounts } from "../list";
import type { Cursor } from "../query/order";
import { csvHead, csvLines } from "./csv";
import { accountFacts } from "./facts";

export const EXPORT_FORMATS = ["csv", "json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  filter: AccountFilter;
  sort: Sort;
  /** Begin after this account. */
  after?: Cursor | undefined;
  /** At most so many accounts; all when undefined. */
  limit?: number | undefined;
}

/** So many accounts are in memory at a time, some 2 MB. */
const PAGE = 1000;

/** Every account that a filter shows, in the list's order, a page at a time: nothing here grows with their number. */
export async function* accountRows(node: MailNode, request: ExportRequest): AsyncGenerator<AccountRow[]> {
  const { filter, sort, limit = Infinity } = request;
  let after = request.after;
  let left = limit;
  while (left > 0) {
    const { rows, hasNext } = await listAccounts(node, { filter, sort, after, limit: Math.min(PAGE, left) });
    if (rows.length > 0) yield rows;
    if (!hasNext) return;
    after = rows.at(-1);
    left -= rows.length;
    // The database answers within this turn of the event loop: without a pause nobody else would get one, and what the
    // last page held outside of JavaScript's memory would not be given back.
    await turn();
  }
}

/**
 * The text of an exported file, piece by piece. JSON is an array with an account a line. `mark` begins a CSV file with the
 * byte order mark by which spreadsheets know UTF-8.
 */
export async function* exportAccounts(
  node: MailNode,
  request: ExportRequest,
  { format, mark = false }: { format: ExportFormat; mark?: boolean },
): AsyncGenerator<string> {
  const pages = accountRows(node, request);
  if (format === "json") return yield* jsonArray(pages, accountFacts);
  yield (mark ? "\ufeff" : "") + csvHead();
  for await (const rows of pages) yield csvLines(rows.map(accountFacts));
}

/** A JSON array, an entry a line, written as its pages come. */
export async function* jsonArray<T>(
  pages: AsyncIterable<readonly T[]>,
  form: (entry: T) => object,
): AsyncGenerator<string> {
  let before = "[\n";
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield before + page.map((entry) => JSON.stringify(form(entry))).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
