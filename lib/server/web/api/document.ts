import { openApiDocument } from "@/lib/core/api/openapi";

let text: string | undefined;

export function openApiResponse(): Response {
  text ??= JSON.stringify(openApiDocument());
  return new Response(text, {
    headers: { "content-type": "application/openapi+json;version=3.1", "cache-control": "no-cache" },
  });
}
