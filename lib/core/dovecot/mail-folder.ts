import type { ConfigTree } from "./config";

/**
 * The folder below which mail is kept, as Dovecot sees it: the part of `mail_path` (2.4) or `mail_location` (2.3) that is the same
 * for everybody. Undefined where it depends on each user's home, or is not said.
 */
export function mailFolder({ changed: { settings } }: ConfigTree): string | undefined {
  const location = settings.mail_path ?? settings.mail_location?.replace(/^[a-z]+:/, "") ?? "";
  const place = [location, settings.mail_home ?? ""].find((path) => path.startsWith("/"));
  if (place === undefined) return undefined;
  const fixed = place.split(":")[0]?.split("%")[0] ?? "";
  // What comes before a variable in the middle of a name is no folder.
  const folder = fixed === place ? fixed : fixed.slice(0, fixed.lastIndexOf("/"));
  return folder === "" ? "/" : folder;
}
