import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Home } from "../home";

/** A key of its own for each purpose out of the panel's secret: what is signed for one can't pass for another. */
async function keyFor(home: Home, purpose: string): Promise<Buffer> {
  const secret = (await readFile(home.secret, "utf8")).trim();
  return Buffer.from(hkdfSync("sha256", secret, "", `portcullis ${purpose}`, 32));
}

export async function sign(home: Home, purpose: string, content: Buffer): Promise<Buffer> {
  return createHmac("sha256", await keyFor(home, purpose))
    .update(content)
    .digest();
}

export async function isSigned(
  home: Home,
  purpose: string,
  content: Buffer,
  signature: Buffer,
): Promise<boolean> {
  const wanted = await sign(home, purpose, content);
  return wanted.length === signature.length && timingSafeEqual(wanted, signature);
}
