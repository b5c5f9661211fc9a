import type { BulkTarget } from "@/lib/core/access/bulk";
import { domainOf } from "@/lib/core/access/name";
import { isInScope } from "@/lib/core/operators/roles";
import type { Cursor } from "../accounts/query/order";
import { accountsPage } from "../accounts/query/page";
import type { Scoped } from "../node";

/** The next accounts of a target, in order, after a position that an earlier call gave. */
export async function nextTargets(
  scoped: Scoped,
  target: BulkTarget,
  position: Cursor | number | null,
  size: number,
): Promise<{ addresses: string[]; position: Cursor | number }> {
  if ("addresses" in target) {
    const start = typeof position === "number" ? position : 0;
    const mine = target.addresses.filter((address) => isInScope(scoped.scope, domainOf(address)));
    const addresses = mine.slice(start, start + size);
    return { addresses, position: start + addresses.length };
  }
  const after = typeof position === "number" ? undefined : (position ?? undefined);
  const page = await accountsPage(scoped, { filter: target.filter, sort: "domain", after, limit: size });
  const last = page.accounts.at(-1);
  return {
    addresses: page.accounts.map(({ address }) => address),
    position: last ? { domain: last.domain, address: last.address } : (position ?? 0),
  };
}
