import { z } from "zod";
import { SECURITIES, TLS_VERSIONS } from "../use/security";
import { foldName } from "./name";

/** Which accounts a list shows, and in which order. It stands in the URL, and the command line takes the same words. */
export const SORTS = ["domain", "address", "-domain", "-address"] as const;
export type Sort = (typeof SORTS)[number];

const state = z.enum(["allow", "deny"]);

/** Longest part of an address that can be searched for, in characters. */
const LONGEST_SEARCH = 320;
/** How far back "lately" goes when a use is asked for; in days. */
export const USED_DAYS = 30;
/** "Ending soon" looks so far ahead when no number is named; in days. */
export const ENDING_DAYS = 7;

const days = z.coerce.number().int().min(1).max(3660).optional();

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
  ending: days,
  /** Signed in by this protocol within so many days, as the log tells. */
  "imap-used": days,
  "pop3-used": days,
  /** Not seen to sign in by it within so many days; never seen counts as well. */
  "imap-unused": days,
  "pop3-unused": days,
  /** Signed in over a network without TLS within so many days, by any protocol. */
  cleartext: days,
  /** How the last sign-in within 30 days, by any protocol, was protected. */
  security: z.enum(SECURITIES).optional(),
  /** The TLS version of the last sign-in within 30 days, by any protocol; unknown where there was TLS and none was logged. */
  tls: z.enum(TLS_VERSIONS).optional(),
  /** Signed in by this protocol within 30 days, and by no other: who would be shut out without it. */
  only: z.enum(["imap", "pop3"]).optional(),
  /** The daemon's last answer contradicts what is effective. */
  proof: z.literal("differs").optional(),
  /** Somebody wrote a note beside the account. */
  note: z.enum(["yes", "no"]).optional(),
  /** Accounts that the last listing doesn't name: only these, or all; otherwise none of them. */
  vanished: z.enum(["yes", "all"]).optional(),
});

export type AccountFilter = z.infer<typeof accountFilterSchema>;

export const NO_FILTER: AccountFilter = accountFilterSchema.parse({});

/** Nothing narrows the list but that vanished accounts are left out. */
export function isUnfiltered(filter: AccountFilter): boolean {
  return Object.entries(filter).every(([key, value]) => (key === "q" ? value === "" : value === undefined));
}
