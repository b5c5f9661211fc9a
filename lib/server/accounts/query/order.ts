import type { Sort } from "@/lib/core/access/filter";
import { Prisma } from "@/prisma/client/client";

/** Where a page begins: the row before it. */
export interface Cursor {
  domain: string;
  address: string;
}

/** The order of a list, and which way it is read: backwards for the page before. */
export interface Order {
  by: "domain" | "address";
  descending: boolean;
}

export function orderOf(sort: Sort, backwards: boolean): Order {
  const descending = sort.startsWith("-");
  return { by: sort.endsWith("domain") ? "domain" : "address", descending: descending !== backwards };
}

/** Key columns of a source: an account's own, or those of the rules that lead to it. */
export interface KeyColumns {
  domain: Prisma.Sql;
  address: Prisma.Sql;
}

export function afterCursor(
  { by, descending }: Order,
  { domain, address }: KeyColumns,
  cursor: Cursor | undefined,
): Prisma.Sql {
  if (!cursor) return Prisma.sql`TRUE`;
  const sign = descending ? Prisma.sql`<` : Prisma.sql`>`;
  return by === "domain"
    ? Prisma.sql`(${domain}, ${address}) ${sign} (${cursor.domain}, ${cursor.address})`
    : Prisma.sql`${address} ${sign} ${cursor.address}`;
}

export function orderBy({ by, descending }: Order, { domain, address }: KeyColumns): Prisma.Sql {
  const way = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return by === "domain" ? Prisma.sql`${domain} ${way}, ${address} ${way}` : Prisma.sql`${address} ${way}`;
}

/** The same order for rows of several sources, byte by byte as the database has it. */
export function comparing({ by, descending }: Order): (a: Cursor, b: Cursor) => number {
  return (a, b) => {
    const ascending =
      (by === "domain" ? compareBytes(a.domain, b.domain) : 0) || compareBytes(a.address, b.address);
    return descending ? -ascending : ascending;
  };
}

export function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
