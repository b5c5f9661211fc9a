import { randomBytes } from "node:crypto";
import type { Home } from "../home";
import { isSigned, sign } from "./keys";

/** How long somebody has to touch the device; in milliseconds. */
const GOOD_FOR_MS = 5 * 60_000;
const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const CONTENT_BYTES = RANDOM_BYTES + TIME_BYTES;

/** Those that were answered, until they end: an answer that was overheard is no use. */
const shared = globalThis as { portcullisChallenges?: Map<string, number> };

/**
 * What a passkey has to sign. It carries its own end and our signature, so that nothing is stored for whoever only asks:
 * `purpose` says what it is for and whom.
 */
export async function newChallenge(home: Home, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const content = Buffer.alloc(CONTENT_BYTES);
  randomBytes(RANDOM_BYTES).copy(content);
  content.writeUIntBE(Date.now() + GOOD_FOR_MS, RANDOM_BYTES, TIME_BYTES);
  return Uint8Array.from(Buffer.concat([content, await sign(home, challengePurpose(purpose), content)]));
}

/** Whether a challenge (in base64url) is one of ours for this purpose, and neither ended nor used. */
export async function isChallenge(home: Home, purpose: string, challenge: string): Promise<boolean> {
  const bytes = Buffer.from(challenge, "base64url");
  const content = bytes.subarray(0, CONTENT_BYTES);
  if (bytes.length <= CONTENT_BYTES) return false;
  if (!(await isSigned(home, challengePurpose(purpose), content, bytes.subarray(CONTENT_BYTES))))
    return false;
  return content.readUIntBE(RANDOM_BYTES, TIME_BYTES) > Date.now() && !used().has(challenge);
}

/** Uses a challenge up; false for the second of two at once. */
export function spendChallenge(challenge: string): boolean {
  const now = Date.now();
  for (const [one, until] of used()) if (until <= now) used().delete(one);
  if (used().has(challenge)) return false;
  used().set(challenge, now + GOOD_FOR_MS);
  return true;
}

function used(): Map<string, number> {
  shared.portcullisChallenges ??= new Map();
  return shared.portcullisChallenges;
}

function challengePurpose(purpose: string): string {
  return `passkey challenge: ${purpose}`;
}
