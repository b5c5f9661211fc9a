import type { AccountFilter } from "@/lib/core/access/filter";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../../database/client";
import { jsonOf } from "../../database/json-of";
import { conditions } from "./conditions";
import type { QueryContext } from "./context";
import { afterCursor, type Cursor, type KeyColumns, type Order, orderBy } from "./order";

/** An account as a list needs it. */
export interface ListedAccount {
  id: number;
  address: string;
  domain: string;
  vanishedAt: Date | null;
}

export interface Query {
  db: Database;
  filter: AccountFilter;
  context: QueryContext;
  order: Order;
  after: Cursor | undefined;
  limit: number;
}

/** Where accounts are looked for that may match. */
export interface Candidates {
  /** Tables, joined with `"Account" a`. */
  from: Prisma.Sql;
  key: KeyColumns;
  where: Prisma.Sql;
  /** Which part of the filter every one of them passes, so that it isn't tried. */
  settled?: keyof AccountFilter;
}

/** A part of the answer; what several give is merged. */
export interface Source {
  /** The first ones in the list's order. */
  page(query: Query): Promise<ListedAccount[]>;
  /** The same without an order, to be counted: all of them together, and those first that are counted quickly. */
  candidates(query: Query): Promise<readonly Candidates[]>;
}

/** One whose candidates are told by the query alone. */
export function source(candidates: (query: Query) => Candidates): Source {
  return {
    page: (query) => select(query, candidates(query)),
    candidates: async (query) => [candidates(query)],
  };
}

export const ACCOUNT: KeyColumns = { domain: Prisma.sql`a."domain"`, address: Prisma.sql`a."address"` };

/** What must hold for a candidate to be one of those that the filter asks for. */
export function matching({ filter, context }: Query, { where, settled }: Candidates): Prisma.Sql {
  const left = settled === undefined ? filter : { ...filter, [settled]: undefined };
  return Prisma.sql`${where} AND ${conditions(left, context)}`;
}

async function select(query: Query, candidates: Candidates): Promise<ListedAccount[]> {
  const { db, order, after, limit } = query;
  const { from, key } = candidates;
  const found = await jsonOf<[id: number, address: string, domain: string, vanishedAt: string | null][]>(
    db,
    Prisma.sql`
      SELECT json_group_array(json_array("id", "address", "domain", "vanishedAt")) FROM (
        SELECT a."id", a."address", a."domain", a."vanishedAt" FROM ${from}
        WHERE ${afterCursor(order, key, after)} AND ${matching(query, candidates)}
        ORDER BY ${orderBy(order, key)} LIMIT ${limit})`,
  );
  return found.map(([id, address, domain, vanishedAt]) => ({
    id,
    address,
    domain,
    vanishedAt: vanishedAt === null ? null : new Date(vanishedAt),
  }));
}
