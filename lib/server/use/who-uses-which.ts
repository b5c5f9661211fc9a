import { USED_DAYS } from "@/lib/core/access/filter";
import type { Protocol } from "@/lib/core/access/rules";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { countUses } from "./count-uses";
import { sinceDays } from "./impact";

/** Accounts by what they used within 30 days. */
export interface WhoUsesWhich {
  imapOnly: number;
  pop3Only: number;
  both: number;
}

export async function whoUsesWhich(db: Database): Promise<WhoUsesWhich> {
  const since = sinceDays(USED_DAYS);
  const also = (other: Protocol) => Prisma.sql`EXISTS (SELECT 1 FROM "AccountUse" o
    WHERE o."protocol" = ${other} AND o."address" = u."address" AND o."lastAt" > ${since})`;
  const [[imap = 0, both = 0], [pop3 = 0]] = await Promise.all([
    countUses(db, { protocol: "imap", domain: undefined, since }, [Prisma.sql`TRUE`, also("pop3")]),
    countUses(db, { protocol: "pop3", domain: undefined, since }, [Prisma.sql`TRUE`]),
  ]);
  return { imapOnly: imap - both, pop3Only: pop3 - both, both };
}
