import { Exceptions } from "@/components/domains/exceptions";
import { type ListQuery, listQuery } from "@/lib/core/access/list-query";
import type { Rank } from "@/lib/core/access/rules";
import { listPage } from "@/lib/server/accounts/list-page";
import type { MailNode } from "@/lib/server/node";

const SHOWN = 20;

interface ExceptionsOfProps {
  node: MailNode;
  domain: string;
  rank: Rank;
}

/** The first accounts of a domain that have a rule of their own. */
export async function ExceptionsOf({ node, domain, rank }: ExceptionsOfProps) {
  const query: ListQuery = { q: "", domain, override: "any", sort: "domain", limit: SHOWN };
  const { rows, hasNext } = await listPage(node, query, rank);
  const { limit: _limit, ...all } = query;
  return <Exceptions rows={rows} isMore={hasNext} allHref={`/accounts${listQuery.search(all)}`} />;
}
