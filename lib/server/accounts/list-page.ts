import { filterOf, type ListQuery } from "@/lib/core/access/list-query";
import { domainOf } from "@/lib/core/access/name";
import type { Rank } from "@/lib/core/access/rules";
import type { AccountRowView } from "@/lib/core/access/views";
import type { MailNode } from "../node";
import { listAccounts } from "./list";
import { type Count, cheapCount } from "./query/count";
import type { Cursor } from "./query/order";
import { rowView } from "./row-view";

export interface ListPage {
  rows: AccountRowView[];
  hasNext: boolean;
  hasPrevious: boolean;
  /** How many there are of all pages; undefined where that must be counted. */
  count: Count | undefined;
}

/** A page of the list as its URL asks for it. */
export async function listPage(node: MailNode, query: ListQuery, rank: Rank): Promise<ListPage> {
  const filter = filterOf(query);
  const { sort, limit } = query;
  const [{ rows, ...rest }, known] = await Promise.all([
    listAccounts(node, { filter, sort, limit, after: cursorAt(query.after), before: cursorAt(query.before) }),
    cheapCount(node, filter),
  ]);
  const isAll = !rest.hasNext && !rest.hasPrevious;
  const count = isAll ? { count: rows.length, isMore: false } : known;
  return { ...rest, count, rows: rows.map((row) => rowView(row, rank)) };
}

/** An address says which domain it sorts by. */
function cursorAt(address: string | undefined): Cursor | undefined {
  return address === undefined ? undefined : { address, domain: domainOf(address) };
}
