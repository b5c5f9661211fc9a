import { openApiResponse } from "@/lib/server/web/api/document";

/** The API as programs read it. Open to everybody: it tells nothing of this server. */
export function GET(): Response {
  return openApiResponse();
}
