import { filterOf, type ListQuery } from "@/lib/core/access/list-query";
import { type ExportFormat, exportAccounts } from "../accounts/export/stream";
import { nodeFor } from "./node";
import type { Operator } from "./session";

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
};

/** All accounts of a filter as a file to save, written as they are read: memory doesn't grow with their number. */
export async function exportResponse(
  operator: Operator,
  query: ListQuery,
  format: ExportFormat,
): Promise<Response> {
  const node = await nodeFor(operator);
  const pieces = exportAccounts(
    node,
    { filter: filterOf(query), sort: query.sort },
    { format, mark: format === "csv" },
  );
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // Somebody who closes the window doesn't want the other pages read.
    async cancel() {
      await pieces.return(undefined);
    },
  });
  const name = `accounts-${new Date().toISOString().slice(0, 10)}.${format}`;
  return new Response(body, {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
