import type { Rank } from "@/lib/core/access/rules";
import type { ProblemJson } from "@/lib/core/api/problem";
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteId } from "@/lib/core/api/routes";
import { rankOfRole } from "@/lib/core/operators/roles";
import type { Bearer } from "../../api/bearer";
import type { Actor } from "../../mailserver/revisions";
import type { MailNode } from "../../node";

/** A request that was let in, with everything read. */
export interface Context<Id extends RouteId> {
  bearer: Bearer;
  /** With the bearer's domains in every query. */
  node: MailNode;
  actor: Actor;
  params: ParamsOf<Id>;
  query: QueryOf<Id>;
  body: BodyOf<Id>;
  /** What the request stands on, as If-Match has it; undefined where it may stand on anything. */
  version: string | undefined;
  /** Path of the part of a list after this one, which begins after `cursor`. */
  next: (cursor: string) => string;
}

export interface Answered<Id extends RouteId> {
  body: AnswerOf<Id>;
  /** Of what the answer shows, without quotes. */
  etag?: string;
  /** Below /api/v1. */
  location?: string;
}

/** What serves a route. */
export interface Handler<Id extends RouteId> {
  run: (context: Context<Id>) => Promise<Answered<Id>>;
  /** What is written to, as it is now; undefined where it isn't there yet. For routes that take If-Match. */
  version?: (context: Context<Id>) => Promise<string | undefined>;
  /** What was changed since the version that the request stands on. */
  difference?: (context: Context<Id>) => Promise<NonNullable<ProblemJson["difference"]>>;
}

export function rankOf({ role, scope }: Bearer): Rank {
  return rankOfRole(role, scope);
}
