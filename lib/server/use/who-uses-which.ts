import { USED_DAYS } from "@/lib/core/access/filter";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { alsoUsed, countUses } from "./count-uses";
import { sinceDays } from "./impact";

/** Accounts by what they used within 30 days. */
export interface WhoUsesWhich {
  imapOnly: number;
  pop3Only: number;
  both: number;
}

export async function whoUsesWhich(db: Database): Promise<WhoUsesWhich> {
  const since = sinceDays(USED_DAYS);
  const [[imap = 0, both = 0], [pop3 = 0]] = await Promise.all([
    countUses(db, { protocol: "imap", domain: undefined, since }, [
      Prisma.sql`TRUE`,
      alsoUsed("u", ["pop3"], since),
    ]),
    countUses(db, { protocol: "pop3", domain: undefined, since }, [Prisma.sql`TRUE`]),
  ]);
  return { imapOnly: imap - both, pop3Only: pop3 - both, both };
}
