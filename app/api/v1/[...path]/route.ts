import { serveApi } from "@/lib/server/web/api/serve";

/** The HTTP API; lib/core/api/routes has its table, docs/api.md tells of it. */
export const GET = serveApi;
export const POST = serveApi;
export const PATCH = serveApi;
export const PUT = serveApi;
export const DELETE = serveApi;
