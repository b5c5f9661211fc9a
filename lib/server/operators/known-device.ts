import { randomBytes } from "node:crypto";
import type { Home } from "../home";
import { isSigned, sign } from "./keys";

const PURPOSE = "known device";
/** Days for which a device counts as known after a sign-in. */
export const KNOWN_DAYS = 90;
const DAY_MS = 24 * 60 * 60_000;
const LONGEST = 1000;

/** What a browser keeps after somebody signed in with it. It lets nobody in; it only gives that person's tries a count of their own. */
export async function knownDevice(home: Home, email: string): Promise<string> {
  const content = Buffer.from(
    JSON.stringify([email, randomBytes(12).toString("base64url"), Date.now() + KNOWN_DAYS * DAY_MS]),
  );
  const signature = await sign(home, PURPOSE, content);
  return `${content.toString("base64url")}.${signature.toString("base64url")}`;
}

/** The device's own name, where it is known for this address; undefined for any other. */
export async function readKnownDevice(
  home: Home,
  email: string,
  kept: string | undefined,
): Promise<string | undefined> {
  const [content = "", signature = "", ...rest] =
    kept === undefined || kept.length > LONGEST ? [] : kept.split(".");
  const bytes = Buffer.from(content, "base64url");
  if (rest.length > 0 || !(await isSigned(home, PURPOSE, bytes, Buffer.from(signature, "base64url"))))
    return undefined;
  const [owner, device, until] = JSON.parse(bytes.toString()) as [string, string, number];
  return owner === email && until > Date.now() ? device : undefined;
}
