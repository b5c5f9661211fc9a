import { type NextRequest, NextResponse } from "next/server";

/**
 * Sends the content security policy with a nonce for each answer. It decides nothing about who may see what:
 * that is checked in each page, action and endpoint.
 */
export function proxy(request: NextRequest): NextResponse {
  // Next fails at a path whose percent signs mean nothing, and calls it an error of ours.
  if (!isDecodable(request.nextUrl.pathname))
    return new NextResponse("The address can't be read: its percent signs mean nothing.\n", { status: 400 });
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
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
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
