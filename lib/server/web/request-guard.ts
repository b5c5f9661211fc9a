/** With a token of its own and no session: no browser can be made to ask there. */
const API = "/api/v1/";
/** What mail programs post to: they are no browsers and bring no session. */
const OPEN_TO_PROGRAMS = /^\/autodiscover\/autodiscover\.xml$/i;

export interface GuardedRequest {
  method: string;
  path: string;
  headers: Pick<Headers, "get">;
}

/**
 * Whether a request that could change something was made by another site's page. Browsers say of every form where it is from; what
 * doesn't say so is no browser with a session. Each page, action and endpoint judges besides who asks.
 */
export function isFromElsewhere(
  { method, path, headers }: GuardedRequest,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (["GET", "HEAD", "OPTIONS"].includes(method)) return false;
  if (path.startsWith(API) || OPEN_TO_PROGRAMS.test(path)) return false;
  const site = headers.get("sec-fetch-site");
  // "none" is what somebody himself sends once more: no page can.
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const origin = headers.get("origin");
  if (origin === null) return site === null;
  const hosts = [headers.get("host"), headers.get("x-forwarded-host"), hostOf(environment.PORTCULLIS_URL)];
  const from = hostOf(origin);
  return from === undefined || !hosts.includes(from);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host || undefined : undefined;
}
