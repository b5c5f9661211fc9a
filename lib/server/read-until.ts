import { parseUntil, type UntilRead } from "@/lib/core/access/until";

/** Reads the end of a rule as somebody wrote it, now, in the zone of this server. */
export function readUntil(text: string): UntilRead {
  return parseUntil(text, Date.now() / 1000, Intl.DateTimeFormat().resolvedOptions().timeZone);
}
