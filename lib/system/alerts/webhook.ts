import { createHmac } from "node:crypto";
import { errorCode } from "../files";
import { reachWords } from "./reach-words";

export interface WebhookTarget {
  url: string;
  /** Signs the message; "" for none. */
  secret: string;
}

/**
 * Posts a message. Returns why it was not taken, in a sentence that holds neither the address's path (which is often the key) nor
 * the secret; undefined when it was. Ends within `timeoutMs` or when `stop` says so, and follows no redirect.
 */
export async function postWebhook(
  { url, secret }: WebhookTarget,
  body: string,
  { id, timeoutMs, stop }: { id: string; timeoutMs: number; stop: AbortSignal },
): Promise<string | undefined> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stop]),
      headers: {
        "content-type": "application/json",
        "user-agent": "Portcullis",
        "x-portcullis-delivery": id,
        ...(secret === "" ? {} : { "x-portcullis-signature": signature(secret, body, new Date()) }),
      },
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    if (response.status >= 300 && response.status < 400)
      return `${host} sends on to another address (${response.status}): set that one.`;
    return `${host} answered ${response.status}.`;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      return `${host} did not answer within ${timeoutMs / 1000} seconds.`;
    const code = errorCode(error instanceof Error && error.cause ? error.cause : error);
    return `${host} ${reachWords(code)}`;
  }
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`. The time keeps an old message from being sent again by somebody. */
function signature(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}
