import { z } from "zod";
import { foldName } from "./name";

/** Which accounts a list shows, and in which order. It stands in the URL, and the command line takes the same words. */
export const SORTS = ["domain", "address", "-domain", "-address"] as const;
export type Sort = (typeof SORTS)[number];

const state = z.enum(["allow", "deny"]);

/** Longest part of an address that can be searched for, in characters. */
const LONGEST_SEARCH = 320;
/** "Ending soon" looks so far ahead when no number is named; in days. */
export const ENDING_DAYS = 7;

export const accountFilterSchema = z.object({
  /** Any part of the address. Folded, as addresses are. */
  q: z.string().trim().max(LONGEST_SEARCH).transform(foldName).default(""),
  /** With or without the "@" before it; "@" alone: accounts without a domain. */
  domain: z
    .string()
    .trim()
    .max(LONGEST_SEARCH)
    .transform((text) => foldName(text).replace(/^@/, ""))
    .optional(),
  /** Effective state. */
  imap: state.optional(),
  pop3: state.optional(),
  /** A policy of the account's own, for any protocol. */
  override: z.enum(["any", "none", "allow", "deny"]).optional(),
  /** By a suspension of the account, its domain or everybody. */
  suspended: z.enum(["yes", "no"]).optional(),
  /** Effective for the account is another than for its domain. */
  differs: z.literal("yes").optional(),
  /** A policy or suspension of the account's own ends within so many days. */
  ending: z.coerce.number().int().min(1).max(3660).optional(),
  /** The daemon's last answer contradicts what is effective. */
  proof: z.literal("differs").optional(),
  /** Accounts that the last listing doesn't name: only these, or all; otherwise none of them. */
  vanished: z.enum(["yes", "all"]).optional(),
});

export type AccountFilter = z.infer<typeof accountFilterSchema>;

export const NO_FILTER: AccountFilter = accountFilterSchema.parse({});

/** Nothing narrows the list but that vanished accounts are left out. */
export function isUnfiltered(filter: AccountFilter): boolean {
  return Object.entries(filter).every(([key, value]) => (key === "q" ? value === "" : value === undefined));
}
