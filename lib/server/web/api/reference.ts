import { z } from "zod";
import { PROBLEMS, problemKinds } from "@/lib/core/api/problem";
import type { AnyRoute } from "@/lib/core/api/route";
import { API_BASE, routeIds, routes } from "@/lib/core/api/routes";

/** A parameter or field as the docs show it. */
export interface FieldReference {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

export interface RouteReference {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  permission: string;
  changes: boolean;
  needsIfMatch: boolean;
  groups: { label: string; fields: FieldReference[] }[];
}

/** The API for people, by the parts of the panel; from the same table as everything else. */
export function apiReference(): { tag: string; routes: RouteReference[] }[] {
  const tags = [...new Set(routeIds.map((id) => routes[id].tag))];
  return tags.map((tag) => ({
    tag,
    routes: routeIds.filter((id) => routes[id].tag === tag).map((id) => referenceOf(id, routes[id])),
  }));
}

export function problemReference(): { kind: string; status: number; title: string }[] {
  return problemKinds.map((kind) => ({ kind, status: PROBLEMS[kind][0], title: PROBLEMS[kind][1] }));
}

function referenceOf(id: string, route: AnyRoute): RouteReference {
  return {
    id,
    method: route.method,
    path: API_BASE + route.path,
    summary: route.summary,
    description: route.description ?? "",
    permission: route.permission,
    changes: route.changes,
    needsIfMatch: route.etag === "required",
    groups: [
      { label: "In the path", fields: fieldsOf(route.params) },
      { label: "In the query", fields: fieldsOf(route.query) },
      { label: "In the body", fields: route.body ? fieldsOf(route.body) : [] },
    ].filter(({ fields }) => fields.length > 0),
  };
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
}

function fieldsOf(schema: z.ZodType): FieldReference[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
  return Object.entries(json.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeOf(field),
    isRequired: (json.required ?? []).includes(name),
    description: [
      field.description ?? "",
      field.default === undefined || field.default === "" || field.default === null
        ? ""
        : `usually ${JSON.stringify(field.default)}`,
    ]
      .filter(Boolean)
      .join("; "),
  }));
}

function typeOf(field: Schema): string {
  if (field.enum) return field.enum.map(String).join(" | ");
  if (field.const !== undefined) return JSON.stringify(field.const);
  const either = field.anyOf ?? field.oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(" | ");
  return [field.type ?? "any"].flat().join(" | ");
}
