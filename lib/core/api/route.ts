import { z } from "zod";
import type { Permission } from "../operators/roles";

/** One route: what routes, checks, documents and calls it. Nothing of it is written down a second time. */
interface RouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below /api/v1; {name} is a parameter. */
  path: string;
  permission: Permission;
  tag: string;
  summary: string;
  description?: string;
  params: Params;
  query: Query;
  /** Null where none is taken. */
  body: Body | null;
  answer: Answer;
  status: 200 | 202;
  /** It changes something: a token that only reads may not. */
  changes: boolean;
  /** `answers`: an ETag comes with it. `required`: it must be named by If-Match, where the thing is there. */
  etag: "none" | "answers" | "required";
}

export type AnyRoute = RouteSpec<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>;

const NOTHING = z.strictObject({});

type Optional = "params" | "query" | "body" | "status" | "changes" | "etag";

export function route<
  Answer extends z.ZodType,
  Params extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodNever,
>(
  spec: Omit<RouteSpec<Params, Query, Body, Answer>, Optional> &
    Partial<Pick<RouteSpec<Params, Query, Body, Answer>, Optional>>,
): RouteSpec<Params, Query, Body, Answer> {
  return {
    params: NOTHING as unknown as Params,
    query: NOTHING as unknown as Query,
    body: null,
    status: 200,
    changes: false,
    etag: "none",
    ...spec,
  };
}

/** A part of a list: go on with `next` until it is null. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe("path of the next part, as in the Link header; null at the end"),
    limits: z.array(z.string()).optional().describe("what isn't known of what was asked for"),
  });
}

/** So many at most in a part of a list. */
const MOST = 1000;

export function limitOf(usual: number) {
  return z.coerce.number().int().min(1).max(MOST).default(usual);
}
