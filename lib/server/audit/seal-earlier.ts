import { canonical } from "@/lib/core/audit/entry";
import { Prisma } from "@/prisma/client/client";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { homeAround } from "../home";
import type { Actor } from "../mailserver/revisions";
import { readHead } from "./head";
import { auditRows } from "./rows";
import { fileOf, sealingOf } from "./sealing";

const START: Actor = { name: "Portcullis", origin: "start" };
const TIMEOUT_MS = 120_000;

/**
 * Chains the entries of a Portcullis that had no chain, once, at the first start after the migration, and says so in an
 * entry: what was done to them before can't be known. With a head beside the database there is a chain already, and rows
 * without a hash are somebody's doing.
 */
export async function sealEarlier(db: Database): Promise<number> {
  const home = homeAround(await fileOf(db));
  if ((await readHead(home)) !== undefined) return 0;
  return await db.$transaction(
    async (write) => {
      const sealing = await sealingOf(home);
      const rows = await auditRows(write, { where: Prisma.sql`true`, order: "asc", limit: -1 });
      if (rows.length === 0 || rows.some(({ hash }) => hash !== "")) return 0;
      let previousHash = "";
      for (const row of rows) {
        const hash = sealing.hash(canonical({ ...row, previousHash }));
        await write.auditEntry.update({
          where: { number: row.number },
          data: { previousHash, hash, seal: sealing.seal?.(hash) ?? "" },
        });
        previousHash = hash;
      }
      await audit(write, {
        actor: START,
        action: "audit.begin",
        outcome: "done",
        sentences: [
          `Entries 1 to ${rows.length} were written before the audit was chained, and are sealed as they were found: whether anybody changed them earlier can't be seen.`,
        ],
      });
      return rows.length;
    },
    { timeout: TIMEOUT_MS },
  );
}
