import { filterOf, type ListQuery, listQuery } from "@/lib/core/access/list-query";
import { type AuditFilter, auditQuery } from "@/lib/core/audit/query";
import { type ExportFormat, exportAccounts } from "../accounts/export/stream";
import { exportAudit } from "../audit/export";
import { auditExport } from "../audit/read";
import { database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { nodeFor } from "./node";
import { actorOf, type Operator } from "./session";

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
};

/** All accounts of a filter as a file to save. */
export async function exportResponse(
  operator: Operator,
  query: ListQuery,
  format: ExportFormat,
): Promise<Response> {
  const node = await nodeFor(operator);
  const { sort } = query;
  const filter = filterOf(query);
  await auditExport(node.db, actorOf(operator), {
    what: "accounts",
    filter: listQuery.search({ ...filter, sort }),
    form: format,
  });
  const pieces = exportAccounts(node, { filter, sort }, { format, mark: format === "csv" });
  return fileResponse("accounts", format, pieces);
}

/** All entries of a filter as a file to save. */
export async function auditExportResponse(
  actor: Actor,
  filter: AuditFilter,
  format: ExportFormat,
): Promise<Response> {
  const db = database();
  await auditExport(db, actor, { what: "audit", filter: auditQuery.search(filter), form: format });
  return fileResponse("audit", format, exportAudit(db, filter, { format, mark: format === "csv" }));
}

/** Written as its pieces come: memory doesn't grow with their number. */
function fileResponse(what: string, format: ExportFormat, pieces: AsyncGenerator<string>): Response {
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
  const name = `${what}-${new Date().toISOString().slice(0, 10)}.${format}`;
  return new Response(body, {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
