import { metricsResponse } from "@/lib/server/web/monitor";

/** For Prometheus; docs/monitoring.md has the names. */
export async function GET(request: Request): Promise<Response> {
  return await metricsResponse(request);
}
