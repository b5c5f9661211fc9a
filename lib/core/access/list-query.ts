import { z } from "zod";
import { urlQuery } from "../url-query";
import { type AccountFilter, accountFilterSchema, SORTS } from "./filter";

/** In UTF-16 units; longer than any account's name. */
const LONGEST_CURSOR = 1024;
const cursor = z.string().max(LONGEST_CURSOR).optional();

/** A page of the list of accounts. */
const listQuerySchema = accountFilterSchema.extend({
  sort: z.enum(SORTS).default("domain"),
  /** The address before the page, or after it. */
  after: cursor,
  before: cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type ListQuery = z.infer<typeof listQuerySchema>;

/** Nothing after "domain=" would say nothing: accounts without a domain are those of "@". */
export const listQuery = urlQuery(listQuerySchema, (key, value) =>
  key === "domain" && value === "" ? "@" : String(value),
);

/** Only what chooses accounts, without the order and the place in it. */
export function filterOf(query: ListQuery): AccountFilter {
  const { sort: _sort, after: _after, before: _before, limit: _limit, ...filter } = query;
  return filter;
}
