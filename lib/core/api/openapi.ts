import { z } from "zod";
import { PROBLEMS, type ProblemKind, problemKinds, problemSchema } from "./problem";
import type { AnyRoute } from "./route";
import { API_BASE, routeIds, routes } from "./routes";

type Json = Record<string, unknown>;

const IF_MATCH = "If-Match";
const IDEMPOTENCY_KEY = "Idempotency-Key";

/** The whole API as an OpenAPI 3.1 document, made from the table of routes. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  const problem = schemaOf(problemSchema, "output", schemas);
  for (const id of routeIds) {
    const route: AnyRoute = routes[id];
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(id, route, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Portcullis",
      version: "1",
      summary: "IMAP and POP3 of a Dovecot server: what is wanted, in force and seen.",
      license: { name: "See the project" },
    },
    servers: [{ url: API_BASE }],
    security: [{ token: [] }],
    tags: [...new Set(routeIds.map((id) => routes[id].tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      responses: problemResponses(problem),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "A token of one's own: /me/tokens in the panel.",
        },
      },
    },
  };
}

function operation(id: string, route: AnyRoute, schemas: Json): Json {
  const { summary, description, tag, permission, changes, status, answer, body, etag } = route;
  const headers: Json = {
    "RateLimit-Limit": header("integer"),
    "RateLimit-Remaining": header("integer"),
    "RateLimit-Reset": header("integer", "seconds"),
    ...(etag === "none" ? {} : { ETag: header("string") }),
  };
  return {
    operationId: id,
    summary,
    ...(description ? { description } : {}),
    tags: [tag],
    "x-permission": permission,
    parameters: parametersOf(route, schemas),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input", schemas) } },
          },
        }
      : {}),
    responses: {
      [status]: {
        description: changes ? "Done" : "The answer",
        headers,
        content: { "application/json": { schema: schemaOf(answer, "output", schemas) } },
      },
      ...Object.fromEntries(
        codesOf(problemsOf(route)).map((code) => [code, { $ref: `#/components/responses/Problem${code}` }]),
      ),
    },
  };
}

/** Every problem there is, by its status. */
function problemResponses(schema: Json): Json {
  return Object.fromEntries(
    codesOf(problemKinds).map((code) => [
      `Problem${code}`,
      {
        description: problemKinds
          .filter((kind) => PROBLEMS[kind][0] === code)
          .map((kind) => PROBLEMS[kind][1])
          .join("; "),
        content: { "application/problem+json": { schema } },
      },
    ]),
  );
}

function codesOf(kinds: readonly ProblemKind[]): number[] {
  return [...new Set(kinds.map((kind) => PROBLEMS[kind][0]))].toSorted((a, b) => a - b);
}

function problemsOf({ changes, body, params, etag, path }: AnyRoute): ProblemKind[] {
  return [
    "bad-request",
    "unauthorized",
    "not-allowed",
    "rate-limited",
    "failed",
    "unavailable",
    "invalid",
    ...(Object.keys(params.shape).length > 0 || path === "/impact" ? (["not-found"] as const) : []),
    ...(body ? (["too-large", "not-json"] as const) : []),
    ...(changes ? (["in-progress", "not-possible", "key-reused"] as const) : []),
    ...(etag === "required" ? (["stale", "if-match-missing"] as const) : []),
    ...(path.startsWith("/mailserver") && changes ? (["refused", "not-in-force"] as const) : []),
    ...(path === "/mailserver/plan" ? (["refused"] as const) : []),
  ];
}

function parametersOf({ params, query, changes, etag }: AnyRoute, schemas: Json): Json[] {
  return [
    ...fieldsOf(params, schemas).map(({ name, schema }) => parameter("path", name, schema, true)),
    ...fieldsOf(query, schemas).map(({ name, schema, required }) =>
      parameter("query", name, schema, required),
    ),
    ...(changes ? [parameter("header", IDEMPOTENCY_KEY, { type: "string", maxLength: 255 }, false)] : []),
    // Not needed where the thing isn't there yet.
    ...(etag === "required" ? [parameter("header", IF_MATCH, { type: "string" }, false)] : []),
  ];
}

function parameter(place: string, name: string, schema: Json, required: boolean): Json {
  const { description, ...rest } = schema;
  return { name, in: place, required, ...(description ? { description } : {}), schema: rest };
}

function fieldsOf(object: z.ZodObject, schemas: Json): { name: string; schema: Json; required: boolean }[] {
  const { properties = {}, required = [] } = schemaOf(object, "input", schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
  }));
}

function header(type: string, description?: string): Json {
  return { schema: { type }, ...(description ? { description } : {}) };
}

/** Schemas with a name of their own are told once, below components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json & {
    $defs?: Json;
  };
  for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = pointed(definition);
  return pointed(own) as Json;
}

function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      // Of a document within the document.
      if (key === "id" && typeof inner === "string") return [];
      if (key === "$ref" && typeof inner === "string")
        return [[key, inner.replace("#/$defs/", "#/components/schemas/")]];
      return [[key, pointed(inner)]];
    }),
  );
}
