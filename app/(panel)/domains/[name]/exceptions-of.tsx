import { Exceptions } from "@/components/domains/exceptions";
import { type ListQuery, listQuery } from "@/lib/core/access/list-query";
import type { Rank } from "@/lib/core/access/rules";
import { listPage } from "@/lib/server/accounts/list-page";
import { openNode } from "@/lib/server/node";

const SHOWN = 20;

/** The first accounts of a domain that have a rule of their own. */
export async function ExceptionsOf({ domain, rank }: { domain: string; rank: Rank }) {
  const query: ListQuery = { q: "", domain, override: "any", sort: "domain", limit: SHOWN };
  const { rows, hasNext } = await listPage(await openNode(), query, rank);
  const { limit: _limit, ...all } = query;
  return <Exceptions rows={rows} isMore={hasNext} allHref={`/accounts${listQuery.search(all)}`} />;
}
