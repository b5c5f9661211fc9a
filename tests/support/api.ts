import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import { matchRoute } from "@/lib/core/api/routes";
import type { RunningPanel } from "./panel";

/** The document as it is published. */
export const openApi = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../docs/openapi.json", import.meta.url)), "utf8"),
) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object; responses: Record<string, Described> };
};

interface Described {
  content: Record<string, { schema: object }>;
}

interface Operation {
  operationId: string;
  responses: Record<string, Described | { $ref: string }>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const compiled = new Map<string, ValidateFunction>();

export interface Asked {
  method?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Told {
  status: number;
  headers: Headers;
  // Whatever the test expects of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** Asks the API, and checks each answer against the document. */
export function apiOf(panel: () => RunningPanel, usual: () => string) {
  return async (
    path: string,
    { method = "GET", token = usual(), body, headers = {} }: Asked = {},
  ): Promise<Told> => {
    const response = await fetch(`${panel().url}/api/v1${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const told = {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as unknown,
    };
    requireDocumented(method, path, told);
    return told;
  };
}

function requireDocumented(method: string, path: string, { status, headers, body }: Told): void {
  const parts = (path.split("?")[0] ?? "").slice(1).split("/").map(decodeURIComponent);
  const match = matchRoute(method, parts);
  const type = headers.get("content-type") ?? "";
  expect(type, `${method} ${path}`).toBe(status < 400 ? "application/json" : "application/problem+json");
  // What isn't there has no place in the document; its form is told once.
  const responses =
    match.kind === "found"
      ? Object.values(openApi.paths)
          .flatMap((operations) => Object.values(operations))
          .find(({ operationId }) => operationId === match.id)?.responses
      : openApi.components.responses;
  const told = responses?.[status] ?? responses?.[`Problem${status}`];
  expect(told, `${method} ${path} answers with ${status}, and the document doesn't say so`).toBeDefined();
  const described =
    told && "$ref" in told ? openApi.components.responses[told.$ref.split("/").at(-1) ?? ""] : told;
  const schema = described?.content[type]?.schema ?? {};
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile({ allOf: [schema], components: openApi.components });
  compiled.set(key, validate);
  if (!validate(body))
    throw new Error(
      `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body).slice(0, 2000)}`,
    );
}
