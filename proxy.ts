import { type NextRequest, NextResponse } from "next/server";
import { isServedByTls } from "@/lib/server/served-by-tls";
import { isFromElsewhere } from "@/lib/server/web/request-guard";

const YEAR_S = 365 * 24 * 60 * 60;

/** The policy of a sentence without a page. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const ELSEWHERE = "This came from another site, so nothing was done. Open the panel itself.\n";

/** Of every answer. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  // For browsers that don't know the policy's frame-ancestors.
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/**
 * Sends the content security policy with a nonce for each answer, and turns away what another site sent. It
 * decides nothing about who may see what: that is checked in each page, action and endpoint.
 */
export function proxy(request: NextRequest): NextResponse {
  // Next fails at a path whose percent signs mean nothing, and calls it an error of ours.
  if (!isDecodable(request.nextUrl.pathname))
    return dressed(
      new NextResponse("The address can't be read: its percent signs mean nothing.\n", { status: 400 }),
      NOTHING,
    );
  const { pathname: path } = request.nextUrl;
  if (isFromElsewhere({ method: request.method, path, headers: request.headers }))
    return dressed(new NextResponse(ELSEWHERE, { status: 403 }), NOTHING);
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  // Next reads the nonce out of the request's policy and puts it on its own script tags.
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  // Where to come back to after signing in: a layout can't see its own address.
  headers.set("x-portcullis-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  return dressed(response, policy);
}

function dressed(response: NextResponse, policy: string): NextResponse {
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (isServedByTls()) response.headers.set("strict-transport-security", `max-age=${YEAR_S}`);
  return response;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

export const config = { matcher: ["/((?!_next/static|icon.svg).*)"] };
