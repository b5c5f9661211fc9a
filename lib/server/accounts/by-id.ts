import type { Scoped } from "../node";

/** The addresses of some accounts, sorted; ids that don't exist are left out. */
export async function addressesOf({ db, scope }: Scoped, ids: readonly number[]): Promise<string[]> {
  const rows = await db.account.findMany({
    where: { id: { in: [...ids] }, ...(scope === null ? {} : { domain: { in: [...scope] } }) },
    orderBy: [{ domain: "asc" }, { address: "asc" }],
    select: { address: true },
  });
  return rows.map(({ address }) => address);
}
