import type { Database } from "../database/client";

/** The addresses of some accounts, sorted; ids that don't exist are left out. */
export async function addressesOf(db: Database, ids: readonly number[]): Promise<string[]> {
  const rows = await db.account.findMany({
    where: { id: { in: [...ids] } },
    orderBy: [{ domain: "asc" }, { address: "asc" }],
    select: { address: true },
  });
  return rows.map(({ address }) => address);
}
