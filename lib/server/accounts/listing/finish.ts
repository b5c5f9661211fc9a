import type { Database } from "../../database/client";

const TIMEOUT_MS = 120_000;

/**
 * Marks the accounts that a complete listing did not name. They are kept, with their rules: an account that comes back is
 * as it was.
 */
export async function markVanished(db: Database, at: Date): Promise<number> {
  return await db.$executeRaw`
    UPDATE "Account" SET "vanishedAt" = ${at.toISOString()}
    WHERE "vanishedAt" IS NULL AND "id" NOT IN (SELECT "accountId" FROM "ListingSeen")`;
}

/** Counts the accounts of each domain anew. */
export async function countDomains(db: Database): Promise<void> {
  await db.$transaction(
    async (write) => {
      await write.$executeRaw`
        INSERT INTO "Domain" ("name", "accounts")
        SELECT "domain", sum("vanishedAt" IS NULL) FROM "Account" GROUP BY "domain"
        ON CONFLICT ("name") DO UPDATE SET "accounts" = excluded."accounts" WHERE "accounts" <> excluded."accounts"`;
    },
    { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
  );
}
