import { auditQuery } from "@/lib/core/audit/query";
import { auditExportResponse } from "@/lib/server/web/export";
import { refusedResponse } from "@/lib/server/web/refused-response";
import { actorOf, currentOperator, may } from "@/lib/server/web/session";

/** The audit as a file: every entry that its filter shows, the oldest first, streamed. `format` is csv or json. */
export async function GET(request: Request): Promise<Response> {
  const operator = await currentOperator();
  if (!operator) return Response.json({ reason: "Sign in first." }, { status: 401 });
  if (!may(operator, "audit.read")) return await refusedResponse(operator, "audit.read", request);
  const parameters = Object.fromEntries(new URL(request.url).searchParams);
  const format = parameters.format ?? "csv";
  if (format !== "csv" && format !== "json")
    return Response.json({ reason: "format is csv or json." }, { status: 400 });
  const read = auditQuery.parse(parameters);
  if (!read.ok) return Response.json({ problems: read.problems }, { status: 400 });
  const { before: _before, after: _after, limit: _limit, ...filter } = read.query;
  return await auditExportResponse(actorOf(operator), filter, format);
}
