import { progressStream } from "@/lib/server/web/progress-stream";
import { currentOperator, may } from "@/lib/server/web/session";

/** The steps of a change while it is made, as server-sent events. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const operator = await currentOperator();
  if (!operator || !may(operator, "mailserver.read")) return new Response("Sign in first.", { status: 401 });
  return new Response(progressStream((await params).id, request.signal), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
