import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { errorCode, readIfThere, replaceFile } from "@/lib/system/files";
import type { Home } from "../home";

/** The token that makes the first administrator; the same until it is used. `npm start` prints it. */
export async function setupToken(home: Home): Promise<string> {
  const known = (await readIfThere(home.setupToken))?.trim();
  if (known) return known;
  const token = randomBytes(24).toString("base64url");
  await replaceFile(home.setupToken, `${token}\n`, 0o600);
  return token;
}

export async function isSetupToken(home: Home, given: string): Promise<boolean> {
  const known = (await readIfThere(home.setupToken))?.trim();
  return known !== undefined && timingSafeEqual(sha256(known), sha256(given));
}

/**
 * Uses the token up around `action`: of two requests at once only one gets to run it. Returns false for the
 * other and for a wrong token. When `action` throws, the token stays good.
 */
export async function useSetupToken(
  home: Home,
  given: string,
  action: () => Promise<void>,
): Promise<boolean> {
  if (!(await isSetupToken(home, given))) return false;
  const taken = `${home.setupToken}.taken`;
  try {
    await rename(home.setupToken, taken);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
  try {
    await action();
  } catch (error) {
    await rename(taken, home.setupToken);
    throw error;
  }
  await rm(taken, { force: true });
  return true;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
