/** Longest body of a question, in bytes; Outlook's has some 400. */
const LONGEST_BODY = 8192;

const COMMON = { "cache-control": "no-store" };

/** The same for a domain that isn't here, one with nothing open, and a path that never was: it tells nothing. */
export function nothing(): Response {
  return text(404, "Not found.");
}

export function notNow(): Response {
  return text(503, "Not available at the moment.", { "retry-after": "60" });
}

export function tooMany(seconds: number): Response {
  return text(429, "Too many questions.", { "retry-after": String(seconds) });
}

export function text(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { ...COMMON, "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

export function xml(document: string): Response {
  return new Response(document, { headers: { ...COMMON, "content-type": "text/xml; charset=utf-8" } });
}

export function profile(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, {
    headers: {
      ...COMMON,
      "content-type": "application/x-apple-aspen-config",
      "content-disposition": 'attachment; filename="mail.mobileconfig"',
    },
  });
}

/** The body of a question, or undefined where it is too long: no more of it is read then. */
export async function shortBody(request: Request): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let body = "";
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY) return undefined;
    body += decoder.decode(chunk, { stream: true });
  }
  return body + decoder.decode();
}
