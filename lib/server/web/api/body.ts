import { Problem } from "./problem";

/** Largest body, in bytes. */
const LARGEST = 1_000_000;

/** Reads a body no further than it may be long. "" where there is none. */
export async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST) throw tooLarge();
  if (!request.body) return "";
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LARGEST) {
      await reader.cancel();
      throw tooLarge();
    }
    parts.push(value);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new Problem("bad-request", "The body isn't UTF-8.");
  }
}

/** @throws Problem unless it is JSON and says so. */
export function parseBody(request: Request, text: string): unknown {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new Problem("not-json", "Send the body as JSON, with Content-Type: application/json.");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem("bad-request", "The body isn't JSON.");
  }
}

function tooLarge(): Problem {
  return new Problem("too-large", `A body has at most ${LARGEST.toLocaleString("en")} bytes.`);
}
