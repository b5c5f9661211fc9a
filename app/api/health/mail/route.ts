import { mailHealthResponse } from "@/lib/server/web/monitor";

/** For a monitor with the token: whether mail is up, as the ports were just seen. */
export async function GET(request: Request): Promise<Response> {
  return await mailHealthResponse(request);
}
