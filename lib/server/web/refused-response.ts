import type { Permission } from "@/lib/core/operators/roles";
import { auditRefusedPage } from "./refused";
import { actorOf, type Operator } from "./session";

/** What an endpoint answers to somebody whose role doesn't allow what he asks for. */
export async function refusedResponse(
  operator: Operator,
  permission: Permission,
  request: Request,
): Promise<Response> {
  await auditRefusedPage(
    { ...operator, actor: actorOf(operator), permission },
    new URL(request.url).pathname,
  );
  return Response.json({ reason: "Your role doesn't allow this." }, { status: 403 });
}
