import type { ProblemJson } from "@/lib/core/api/problem";
import type { AnswerOf, BodyInputOf, ParamsOf, QueryOf, RouteId } from "@/lib/core/api/routes";

/** Parts that a call has something to say in; one that can be left out whole is optional. */
export type CallOf<Id extends RouteId> = Part<"params", ParamsOf<Id>> &
  Part<"query", Partial<QueryOf<Id>>> &
  Part<"body", BodyInputOf<Id>> & {
    /** An ETag, with its quotes, or `*`. */
    ifMatch?: string;
    /** The same request under the same key is done once. */
    idempotencyKey?: string;
  };

type Part<Name extends string, T> = [T] extends [never]
  ? unknown
  : string extends keyof T
    ? unknown
    : Partial<T> extends T
      ? { [Key in Name]?: T }
      : { [Key in Name]: T };

export interface Answered<T> {
  status: number;
  body: T;
  /** With its quotes. */
  etag: string | null;
  headers: Headers;
}

export type AnswerFrom<Id extends RouteId> = Promise<Answered<AnswerOf<Id>>>;

/** The panel answered, and not as it was meant. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  constructor(
    readonly problem: ProblemJson,
    readonly headers: Headers,
  ) {
    super(problem.detail);
  }
}

/** Nobody answered, or something that is no Portcullis. */
export class ApiUnreachable extends Error {
  override readonly name = "ApiUnreachable";
}

interface AnyCall {
  params?: object;
  query?: object;
  body?: unknown;
  ifMatch?: string;
  idempotencyKey?: string;
}

export class ApiCaller {
  private readonly base: string;

  /** `url` of the panel, for instance https://panel.example:8443. */
  constructor(
    url: string,
    private readonly token: string,
  ) {
    this.base = `${url.replace(/\/+$/, "")}/api/v1`;
  }

  /** @throws ApiProblem, ApiUnreachable */
  protected async call<T>(method: string, path: string, given: AnyCall): Promise<Answered<T>> {
    const response = await this.send(
      method,
      this.base + filled(path, given.params ?? {}) + searchOf(given.query),
      given,
    );
    const text = await response.text();
    const body = jsonFrom(text);
    const { status, headers } = response;
    if (response.ok && body !== undefined)
      return { status, body: body as T, etag: headers.get("etag"), headers };
    if (headers.get("content-type")?.startsWith("application/problem+json") && body !== undefined)
      throw new ApiProblem(body as ProblemJson, headers);
    throw new ApiUnreachable(`${this.base} answers with ${status} and is not Portcullis's API.`);
  }

  private async send(
    method: string,
    url: string,
    { body, ifMatch, idempotencyKey }: AnyCall,
  ): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        // The token goes to nobody but whom it was meant for.
        redirect: "manual",
        headers: {
          accept: "application/json",
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
          ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new ApiUnreachable(`${this.base} can't be reached: ${cause || "no answer"}.`, { cause: error });
    }
  }
}

function filled(path: string, params: object): string {
  const values = params as Record<string, unknown>;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function searchOf(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
