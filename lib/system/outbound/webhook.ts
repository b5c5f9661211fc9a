import { createHmac } from "node:crypto";
import { errorCode } from "../files";
import { deadline } from "./deadline";
import { reachWords } from "./reach-words";

export interface WebhookTarget {
  url: string;
  /** Signs the message; "" for none. */
  secret: string;
}

/** Of an answer; the rest is not read. In characters. */
const MOST_READ = 16_384;

/** What came of a message: how it was answered, or why it was not, in a sentence without secrets. */
export type Posted =
  | { ok: true; text: string }
  | { ok: false; failure: string; status?: number; text?: string };

/**
 * Posts a message. Returns why it was not taken, in a sentence that holds neither the address's path (which is often the key) nor
 * the secret; undefined when it was. Ends within `timeoutMs` or when `stop` says so, and follows no redirect.
 */
export async function postWebhook(
  target: WebhookTarget,
  body: string,
  limits: { id: string; timeoutMs: number; stop: AbortSignal },
): Promise<string | undefined> {
  const posted = await post(target, body, limits);
  return posted.ok ? undefined : posted.failure;
}

/** The same, with what was answered. */
export async function post(
  { url, secret }: WebhookTarget,
  body: string,
  { id, timeoutMs, stop }: { id: string; timeoutMs: number; stop: AbortSignal },
): Promise<Posted> {
  const { host } = new URL(url);
  const limit = deadline(timeoutMs, stop);
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      signal: limit.signal,
      headers: {
        "content-type": "application/json",
        "user-agent": "Portcullis",
        "x-portcullis-delivery": id,
        ...(secret === "" ? {} : { "x-portcullis-signature": signature(secret, body, new Date()) }),
      },
    });
    const text = await beginningOf(response);
    const { status } = response;
    if (response.ok) return { ok: true, text };
    if (status >= 300 && status < 400)
      return { ok: false, status, failure: `${host} sends on to another address (${status}): set that one.` };
    return { ok: false, status, text, failure: `${host} answered ${status}.` };
  } catch (error) {
    if (limit.isLate())
      return { ok: false, failure: `${host} did not answer within ${timeoutMs / 1000} seconds.` };
    const code = errorCode(error instanceof Error && error.cause ? error.cause : error);
    return { ok: false, failure: `${host} ${reachWords(code)}` };
  } finally {
    limit.end();
  }
}

async function beginningOf(response: Response): Promise<string> {
  let text = "";
  if (!response.body) return text;
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length >= MOST_READ) break;
  }
  return text.slice(0, MOST_READ);
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`. The time keeps an old message from being sent again by somebody. */
function signature(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}
