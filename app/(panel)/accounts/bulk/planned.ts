import type { BulkAct, BulkTarget } from "@/lib/core/access/bulk";
import { type ActDetails, actOf } from "@/lib/core/access/bulk-choice";
import type { BulkQuery } from "@/lib/core/access/bulk-query";
import type { AccountFilter } from "@/lib/core/access/filter";
import { addressesOf } from "@/lib/server/accounts/by-id";
import type { Scoped } from "@/lib/server/node";
import { readUntil } from "@/lib/server/read-until";

/** What a preview's URL comes to. */
export type PlannedBulk =
  | { kind: "nobody" }
  /** The accounts are chosen, and not yet what to do, or its end can't be used. */
  | { kind: "unfinished"; target: BulkTarget; untilProblem: string | undefined }
  | { kind: "ready"; target: BulkTarget; act: BulkAct };

export async function plannedBulk(
  scoped: Scoped,
  query: BulkQuery,
  details: Omit<ActDetails, "until">,
): Promise<PlannedBulk> {
  const target = await targetOf(scoped, query);
  if (!target) return { kind: "nobody" };
  const until = query.until === "" ? { ok: true as const, until: null } : readUntil(query.until);
  if (!until.ok) return { kind: "unfinished", target, untilProblem: until.message };
  if (!query.act) return { kind: "unfinished", target, untilProblem: undefined };
  return { kind: "ready", target, act: actOf(query.act, { ...details, until: until.until }) };
}

async function targetOf(scoped: Scoped, query: BulkQuery): Promise<BulkTarget | undefined> {
  if (query.all) return { filter: filterOf(query) };
  const addresses = query.ids ? await addressesOf(scoped, query.ids) : [];
  return addresses.length > 0 ? { addresses } : undefined;
}

export function filterOf({
  ids: _ids,
  all: _all,
  act: _act,
  until: _until,
  ...filter
}: BulkQuery): AccountFilter {
  return filter;
}
