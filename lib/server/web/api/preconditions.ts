import { Problem } from "./problem";

/** Longest If-Match, in characters. */
const LONGEST = 1000;

/** The versions that a request names by If-Match; null for "*"; undefined where it names none. */
function versionsIn(request: Request): string[] | null | undefined {
  const text = request.headers.get("if-match")?.trim();
  if (!text) return undefined;
  if (text === "*") return null;
  // A weak one never matches: it doesn't stand for what is written.
  const tags = text
    .slice(0, LONGEST)
    .split(",")
    .map((tag) => /^"([^"]*)"$/.exec(tag.trim())?.[1] ?? "");
  return tags;
}

/**
 * What a write stands on: undefined where it may stand on anything.
 * @throws Problem when it doesn't say, or it is another by now; `difference` tells what changed since a version.
 */
export async function requireMatch(
  request: Request,
  current: string | undefined,
  difference: ((seen: string) => Promise<Problem["more"]["difference"]>) | undefined,
): Promise<string | undefined> {
  const versions = versionsIn(request);
  if (current === undefined) {
    if (versions === undefined) return undefined;
    throw new Problem("stale", "It isn't there, so nothing matches If-Match. Nothing was changed.");
  }
  if (versions === undefined)
    throw new Problem(
      "if-match-missing",
      `Say by If-Match what it is a change of: read it, and send its ETag. It is "${current}" now.`,
      { etag: `"${current}"` },
      { etag: `"${current}"` },
    );
  if (versions === null) return undefined;
  if (versions.includes(current)) return current;
  const told = await difference?.(versions[0] ?? "");
  throw new Problem(
    "stale",
    "Somebody changed it in between. Nothing was changed.",
    { etag: `"${current}"`, ...(told ? { difference: told } : {}) },
    { etag: `"${current}"` },
  );
}
