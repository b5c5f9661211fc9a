import { type AccountFilter, USED_DAYS } from "@/lib/core/access/filter";
import type { Database } from "../database/client";
import { coverageLimits, coverageOf } from "./coverage";

/** What isn't known of the time that a filter looks back to, a sentence each; none where it asks for no use. */
export async function filterLimits(db: Database, filter: AccountFilter): Promise<string[]> {
  const days = [
    filter["imap-used"],
    filter["pop3-used"],
    filter["imap-unused"],
    filter["pop3-unused"],
    filter.cleartext,
    ...([filter.only, filter.security, filter.tls].some((value) => value !== undefined) ? [USED_DAYS] : []),
  ].filter((value) => value !== undefined);
  return days.length === 0 ? [] : coverageLimits(await coverageOf(db), Math.max(...days));
}
