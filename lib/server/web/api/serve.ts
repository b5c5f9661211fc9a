import { createHash, randomUUID } from "node:crypto";
import type { AnyRoute } from "@/lib/core/api/route";
import { API_BASE, matchRoute, type RouteId, routes } from "@/lib/core/api/routes";
import { MachineFailure } from "@/lib/core/apply/ports";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { LockTimeout } from "@/lib/system/lock";
import { type Bearer, bearerMay } from "../../api/bearer";
import { claimKey, giveKeyBack, type KeptAnswer, keepAnswer } from "../../api/idempotency";
import { audit } from "../../audit";
import { database } from "../../database/client";
import { databaseFailure } from "../../database/failure";
import { log } from "../../log";
import type { Actor } from "../../mailserver/revisions";
import { openNode } from "../../node";
import { clientAddress } from "../client-address";
import { authenticate } from "./authenticate";
import { parseBody, readBody } from "./body";
import type { Context, Handler } from "./context";
import { handlers } from "./handlers";
import { requireMatch } from "./preconditions";
import { invalid, notFound, Problem } from "./problem";

/**
 * The one shape of a request to the API: authenticate, count, authorise, parse, compare with what it stands on, do, translate. What
 * is done is written to the audit by the functions that do it, as from a page.
 */
export async function serveApi(request: Request): Promise<Response> {
  let headers: Record<string, string> = {};
  try {
    const { bearer, headers: limits } = await authenticate(request);
    headers = limits;
    return respond(await answer(request, bearer), headers);
  } catch (error) {
    const problem = problemFor(error, request);
    return respond(
      {
        status: problem.status,
        headers: { "content-type": "application/problem+json", ...problem.headers },
        body: problem.body(),
      },
      headers,
    );
  }
}

async function answer(request: Request, bearer: Bearer): Promise<KeptAnswer> {
  const url = new URL(request.url);
  const { id, params } = requireRoute(request.method, url);
  const route: AnyRoute = routes[id];
  const actor: Actor = {
    name: bearer.email,
    origin: "api",
    from: clientAddress(request.headers),
    via: bearer.tokenName,
  };
  await authorise(bearer, id, route, actor);
  const text = await readBody(request);
  const context: Context<RouteId> = {
    bearer,
    node: { ...(await openNode()), scope: bearer.scope },
    actor,
    // A name that can't be is nobody's: nothing is told about its form.
    params: parsed(route.params, params, () => notFound("such thing")) as Context<RouteId>["params"],
    query: parsed(route.query, queryOf(url), invalid) as Context<RouteId>["query"],
    body: (route.body ? parsed(route.body, parseBody(request, text), invalid) : undefined) as never,
    version: undefined,
    next: (cursor) => nextPath(url, cursor),
  };
  const run = () => runRoute(request, id, route, context);
  const key = route.changes ? request.headers.get("idempotency-key") : null;
  return key === null ? await run() : await once(request, url, text, bearer, key, run);
}

function requireRoute(method: string, url: URL): { id: RouteId; params: Record<string, string> } {
  const match = matchRoute(method === "HEAD" ? "GET" : method, partsOf(url));
  if (match.kind === "found") return match;
  if (match.kind === "none") throw notFound("such route");
  const allow = match.allowed.join(", ");
  throw new Problem("method-not-allowed", `Known here: ${allow}.`, {}, { allow });
}

/** Each is decoded by itself: a slash in a name is no slash of the path. */
function partsOf(url: URL): string[] {
  const path = url.pathname.slice(API_BASE.length + 1);
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    throw new Problem("bad-request", "The path can't be read: its percent signs mean nothing.");
  }
}

async function authorise(bearer: Bearer, id: RouteId, route: AnyRoute, actor: Actor): Promise<void> {
  const isReading = route.changes && !bearer.writes;
  if (bearerMay(bearer, route.permission) && !isReading) return;
  const sentence = bearerMay(bearer, route.permission)
    ? "This token only reads."
    : "The role or the domains of this token don't allow this.";
  if (route.changes)
    await audit(database(), { actor, action: `api.${id}`, outcome: "refused", sentences: [sentence] });
  throw new Problem("not-allowed", sentence);
}

/** What is named twice has two meanings. */
function queryOf(url: URL): Record<string, string> {
  const keys = [...url.searchParams.keys()];
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalid([{ key: twice, message: `${twice} is named twice.` }]);
  return Object.fromEntries(url.searchParams);
}

function parsed(
  schema: AnyRoute["query"] | NonNullable<AnyRoute["body"]>,
  given: unknown,
  complain: (problems: { key: string; message: string }[]) => Problem,
): unknown {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw complain(
    read.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({
            key: [...issue.path, key].join("."),
            message: `${key} isn't known here.`,
          }))
        : [
            {
              key: issue.path.join("."),
              message: `${issue.path.join(".") || "The body"}: ${issue.message.replace(/\.?$/, ".")}`,
            },
          ],
    ),
  );
}

function nextPath(url: URL, cursor: string): string {
  const query = new URLSearchParams(url.searchParams);
  query.set("after", cursor);
  return `${url.pathname}?${query.toString()}`;
}

async function runRoute(
  request: Request,
  id: RouteId,
  route: AnyRoute,
  context: Context<RouteId>,
): Promise<KeptAnswer> {
  const handler = handlers[id] as unknown as Handler<RouteId>;
  if (route.etag === "required") {
    if (!handler.version) throw new Error(`${id} takes If-Match and has no version.`);
    context.version = await requireMatch(
      request,
      await handler.version(context),
      handler.difference &&
        ((seen) => handler.difference?.({ ...context, version: seen }) ?? Promise.resolve(undefined)),
    );
  }
  const { body, etag, location } = await handler.run(context);
  const next = "next" in body && typeof body.next === "string" ? body.next : undefined;
  return {
    status: route.status,
    headers: {
      "content-type": "application/json",
      ...(etag === undefined ? {} : { etag: `"${etag}"` }),
      ...(location === undefined ? {} : { location: API_BASE + location }),
      ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }),
    },
    body: JSON.stringify(body),
  };
}

const LONGEST_KEY = 255;

/** Does it once for a key: the same request gets the same answer for a day. */
async function once(
  request: Request,
  url: URL,
  text: string,
  { tokenId }: Bearer,
  key: string,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  if (key === "" || key.length > LONGEST_KEY)
    throw new Problem("bad-request", `An Idempotency-Key has from 1 to ${LONGEST_KEY} characters.`);
  const requestHash = createHash("sha256")
    .update([request.method, url.pathname, url.search, text].join("\n"))
    .digest("hex");
  const db = database();
  const claim = await claimKey(db, { tokenId, key, requestHash });
  switch (claim.kind) {
    case "answered":
      return { ...claim.answer, headers: { ...claim.answer.headers, "idempotency-replayed": "true" } };
    case "other-request":
      throw new Problem(
        "key-reused",
        "This Idempotency-Key came with another request before. Take a new one.",
      );
    case "under-way":
      throw new Problem(
        "in-progress",
        claim.cutOff
          ? "The request with this key was cut off: what came of it isn't known. Look, and take a new key."
          : "The request with this key is still worked at. Ask again in a moment.",
      );
    case "new":
  }
  try {
    const kept = await run();
    await keepAnswer(db, tokenId, key, kept);
    return kept;
  } catch (error) {
    // Something was done where it isn't in force; of anything else nothing was, and it may come again.
    if (error instanceof Problem && error.kind === "not-in-force")
      await keepAnswer(db, tokenId, key, {
        status: error.status,
        headers: { "content-type": "application/problem+json" },
        body: error.body(),
      });
    else if (isHarmless(error)) await giveKeyBack(db, tokenId, key);
    throw error;
  }
}

/** Nothing was done. Of a failure that nobody foresaw that isn't known: its key stays taken. */
function isHarmless(error: unknown): boolean {
  return error instanceof Problem || error instanceof LockTimeout;
}

function problemFor(error: unknown, request: Request): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RefusedText) return new Problem("invalid", error.message);
  if (error instanceof LockTimeout || error instanceof MachineFailure)
    return new Problem("unavailable", error.message);
  const sentence = databaseFailure(error);
  if (sentence) return new Problem("unavailable", sentence);
  const id = randomUUID().slice(0, 8);
  log.error(
    { id, path: new URL(request.url).pathname, method: request.method, err: error },
    "A request to the API failed",
  );
  return new Problem("failed", `Portcullis failed at this. Its log has the details under ${id}.`, {
    instance: `urn:portcullis:log:${id}`,
  });
}

function respond({ status, headers, body }: KeptAnswer, more: Record<string, string>): Response {
  // Never taken for a page, wherever it is opened.
  const fixed = { "cache-control": "no-store", "content-disposition": 'attachment; filename="api.json"' };
  return new Response(body, { status, headers: { ...fixed, ...headers, ...more } });
}
