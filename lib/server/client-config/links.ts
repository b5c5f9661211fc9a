import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Home } from "../home";

const DAY_MS = 24 * 60 * 60_000;
/** An address has at most 512 bytes; in base64 and with the rest that is less than this. */
const LONGEST_TOKEN = 1500;

/** What a link to an account's own set-up says. */
export interface ClientLink {
  address: string;
  expiresAt: Date;
}

const contentSchema = z.tuple([z.string(), z.number()]);

/** The secret part of a link's address: whoever has it sees how the account is set up, until it expires. */
export async function clientToken(
  home: Home,
  address: string,
  days: number,
): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(Date.now() + days * DAY_MS);
  const content = Buffer.from(JSON.stringify([address, expiresAt.getTime()])).toString("base64url");
  return {
    token: `${content}.${signatureOf(await linkKey(home), content).toString("base64url")}`,
    expiresAt,
  };
}

/** What a token says, or undefined where it isn't ours, was changed, or has expired. */
export async function readClientToken(home: Home, token: string): Promise<ClientLink | undefined> {
  const [content = "", signature = "", ...rest] = token.length > LONGEST_TOKEN ? [] : token.split(".");
  const given = Buffer.from(signature, "base64url");
  const wanted = signatureOf(await linkKey(home), content);
  if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const [address, expires] = contentSchema.parse(JSON.parse(Buffer.from(content, "base64url").toString()));
  return expires > Date.now() ? { address, expiresAt: new Date(expires) } : undefined;
}

function signatureOf(key: Buffer, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}

/** Its own key out of the panel's secret, so that nothing else that is signed with that can pass for a link. */
async function linkKey(home: Home): Promise<Buffer> {
  const secret = (await readFile(home.secret, "utf8")).trim();
  return Buffer.from(hkdfSync("sha256", secret, "", "portcullis client set-up link", 32));
}
