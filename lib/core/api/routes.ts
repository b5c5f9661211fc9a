import type { z } from "zod";
import type { AnyRoute } from "./route";
import { accountRoutes } from "./routes/accounts";
import { domainRoutes } from "./routes/domains";
import { mailserverRoutes } from "./routes/mailserver";
import { noteRoutes } from "./routes/notes";
import { otherRoutes } from "./routes/others";

export const API_BASE = "/api/v1";

/** Every route of the HTTP API: routing, checks, documentation and the client come from this. */
export const routes = {
  ...otherRoutes,
  ...mailserverRoutes,
  ...domainRoutes,
  ...accountRoutes,
  ...noteRoutes,
};

export type Routes = typeof routes;
export type RouteId = keyof Routes;

export const routeIds = Object.keys(routes) as RouteId[];

export type ParamsOf<Id extends RouteId> = z.output<Routes[Id]["params"]>;
export type QueryOf<Id extends RouteId> = z.output<Routes[Id]["query"]>;
export type BodyOf<Id extends RouteId> = z.output<NonNullable<Routes[Id]["body"]>>;
export type BodyInputOf<Id extends RouteId> = z.input<NonNullable<Routes[Id]["body"]>>;
export type AnswerOf<Id extends RouteId> = z.output<Routes[Id]["answer"]>;

export type RouteMatch =
  | { kind: "found"; id: RouteId; params: Record<string, string> }
  | { kind: "wrong-method"; allowed: string[] }
  | { kind: "none" };

/** `parts` of the path below the base, decoded. A part that is written out goes before one that can be anything. */
export function matchRoute(method: string, parts: readonly string[]): RouteMatch {
  const matching = routeIds
    .map((id) => ({ id, route: routes[id] as AnyRoute, params: paramsOf(routes[id].path, parts) }))
    .flatMap(({ params, ...rest }) => (params ? [{ ...rest, params }] : []))
    .toSorted((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  const found = matching.find(({ route }) => route.method === method);
  if (found) return { kind: "found", id: found.id, params: found.params };
  return matching.length > 0
    ? { kind: "wrong-method", allowed: [...new Set(matching.map(({ route }) => route.method))] }
    : { kind: "none" };
}

function paramsOf(path: string, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = path.slice(1).split("/");
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const given = parts[index] ?? "";
    if (part.startsWith("{")) params[part.slice(1, -1)] = given;
    else if (part !== given) return undefined;
  }
  return params;
}
