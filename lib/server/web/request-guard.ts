import { PROBLEMS, problemType } from "@/lib/core/api/problem";

/** Largest body of a form, of a file of rules with its form around it, and of a request to the API; in bytes. */
const LARGEST = { form: 1_000_000, import: 17_000_000, api: 1_000_000 };

const API = "/api/v1/";
const IMPORT = "/accounts/import";
/** What mail programs post to: they are no browsers and bring no session. */
const OPEN_TO_PROGRAMS = /^\/autodiscover\/autodiscover\.xml$/i;

export interface GuardedRequest {
  method: string;
  path: string;
  headers: Pick<Headers, "get">;
}

export interface GuardRefusal {
  status: 403 | 411 | 413;
  sentence: string;
}

/**
 * What is refused before anything looks at a request: a form that another site sent, and a body that is too large or doesn't say how
 * large it is. Undefined for everything else, which each page, action and endpoint judges by itself.
 */
export function guardRefusal(
  request: GuardedRequest,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GuardRefusal | undefined {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return undefined;
  if (!request.path.startsWith(API) && !OPEN_TO_PROGRAMS.test(request.path) && !isOwn(request, environment))
    return {
      status: 403,
      sentence: "This came from another site, so nothing was done. Open the panel itself.",
    };
  return bodyRefusal(request);
}

/** The refusal as the API or a page tells it. The connection ends: what is left of the body isn't waited for. */
export function guardResponse(
  { status, sentence }: GuardRefusal,
  path: string,
): { body: string; init: ResponseInit } {
  const headers = { "cache-control": "no-store", connection: "close" };
  if (!path.startsWith(API))
    return {
      body: `${sentence}\n`,
      init: { status, headers: { ...headers, "content-type": "text/plain; charset=utf-8" } },
    };
  const kind = status === 413 ? "too-large" : "bad-request";
  const body = { type: problemType(kind), title: PROBLEMS[kind][1], status, detail: sentence };
  return {
    body: JSON.stringify(body),
    init: { status, headers: { ...headers, "content-type": "application/problem+json" } },
  };
}

/** Browsers say of every form which site it is from; one that doesn't say so is no browser that brings a session. */
function isOwn(
  { headers }: GuardedRequest,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = headers.get("origin");
  if (origin === null) return site === "same-origin";
  const hosts = [headers.get("host"), headers.get("x-forwarded-host"), hostOf(environment.PORTCULLIS_URL)];
  const from = hostOf(origin);
  return from !== undefined && hosts.includes(from);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host || undefined : undefined;
}

function bodyRefusal({ path, headers }: GuardedRequest): GuardRefusal | undefined {
  const most = path.startsWith(API) ? LARGEST.api : path === IMPORT ? LARGEST.import : LARGEST.form;
  // Next itself passes an action on to the page that has it, in pieces; whoever writes that header gets no more than an import does.
  if (headers.get("transfer-encoding") !== null && headers.get("x-action-forwarded") === null)
    return { status: 411, sentence: "Say by Content-Length how long the body is." };
  if (Number(headers.get("content-length") ?? 0) <= most) return undefined;
  return {
    status: 413,
    sentence: `It is too large: at most ${most.toLocaleString("en")} bytes are taken here. Nothing was done.`,
  };
}
