import type { Database, Write } from "../../database/client";

export interface Added {
  added: number;
  /** Accounts that had vanished and are there again, with the rules they had. */
  returned: number;
}

/** Two transactions' worth of patience: a million new names are some seconds of writing. */
const TIMEOUT_MS = 60_000;

/**
 * Takes a batch of folded names that a listing gave: adds the new ones, to the search as well, and remembers all as seen.
 * The only place at which accounts are made. Sorted, so that neighbours in the indexes are written together.
 */
export async function addSeen(db: Database, names: readonly string[], at: Date): Promise<Added> {
  const unique = [...new Set(names)].toSorted();
  const sorted = JSON.stringify(unique);
  return await db.$transaction(
    async (write) => {
      const added = await addNew(write, sorted, at);
      // Those that were added just now are remembered with them; looking each up costs as much as adding it did.
      if (added === unique.length) return { added, returned: 0 };
      await write.$executeRaw`
        INSERT OR IGNORE INTO "ListingSeen" ("accountId")
        SELECT a."id" FROM json_each(${sorted}) j CROSS JOIN "Account" a ON a."address" = j.value`;
      const returned = await write.$executeRaw`
        UPDATE "Account" INDEXED BY "Account_vanishedAt_idx" SET "vanishedAt" = NULL
        WHERE "vanishedAt" IS NOT NULL AND "id" IN (SELECT "accountId" FROM "ListingSeen")`;
      return { added, returned };
    },
    { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
  );
}

async function addNew(write: Write, names: string, at: Date): Promise<number> {
  const [newest] = await write.$queryRaw<
    { id: number | bigint | null }[]
  >`SELECT max("id") AS "id" FROM "Account"`;
  const added = await write.$executeRaw`
    INSERT INTO "Account" ("address", "domain", "firstSeenAt")
    SELECT j.value, CASE instr(j.value, '@') WHEN 0 THEN '' ELSE substr(j.value, instr(j.value, '@') + 1) END, ${at.toISOString()}
    FROM json_each(${names}) j WHERE true ON CONFLICT ("address") DO NOTHING`;
  if (added > 0) {
    const before = Number(newest?.id ?? 0);
    await write.$executeRaw`
      INSERT INTO "AccountSearch" (rowid, "local")
      SELECT "id", CASE instr("address", '@') WHEN 0 THEN "address" ELSE substr("address", 1, instr("address", '@') - 1) END
      FROM "Account" WHERE "id" > ${before}`;
    await write.$executeRaw`
      INSERT INTO "ListingSeen" ("accountId") SELECT "id" FROM "Account" WHERE "id" > ${before}`;
  }
  return added;
}
