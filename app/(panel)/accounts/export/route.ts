import { listQuery } from "@/lib/core/access/list-query";
import { exportResponse } from "@/lib/server/web/export";
import { refusedResponse } from "@/lib/server/web/refused-response";
import { currentOperator, may } from "@/lib/server/web/session";

/** The list as a file: exactly what its filter shows, in its order, streamed. `format` is csv or json. */
export async function GET(request: Request): Promise<Response> {
  const operator = await currentOperator();
  if (!operator) return Response.json({ reason: "Sign in first." }, { status: 401 });
  if (!may(operator, "accounts.read")) return await refusedResponse(operator, "accounts.read", request);
  const parameters = Object.fromEntries(new URL(request.url).searchParams);
  const format = parameters.format ?? "csv";
  if (format !== "csv" && format !== "json")
    return Response.json({ reason: "format is csv or json." }, { status: 400 });
  const read = listQuery.parse(parameters);
  if (!read.ok) return Response.json({ problems: read.problems }, { status: 400 });
  return await exportResponse(operator, read.query, format);
}
