import { z } from "zod";
import { urlQuery } from "../url-query";

/** Which way accounts would move. */
export const DIRECTIONS = ["to-imap", "to-pop3"] as const;

const count = (most: number) => z.coerce.number().min(0).max(most).optional();

/** What a move is worked out from, as the guide's form and its URL have it. What isn't named is taken from the server. */
const moveSchema = z.object({
  move: z.enum(DIRECTIONS).default("to-imap"),
  /** Accounts that move. */
  accounts: z.coerce.number().int().min(0).max(100_000_000).optional(),
  /** Mail that one keeps on the server by IMAP, in MB. */
  mb: count(1_000_000),
  /** And how much that grows in a month. */
  grow: count(100_000),
  /** Percent of those that move to POP3 whose program takes mail off the server; others leave a copy. */
  taken: z.coerce.number().min(0).max(100).optional(),
});

export const moveQuery = urlQuery(moveSchema);

export interface MoveFacts {
  move: (typeof DIRECTIONS)[number];
  accounts: number;
  mb: number;
  grow: number;
  taken: number;
  /** Free on the mail volume, in bytes; undefined where it isn't known. */
  freeBytes: number | undefined;
}

export interface MoveCost {
  /** More (or, below 0, less) on the disk when the move is through, in bytes. */
  bytes: number;
  /** And each month from then on. */
  monthlyBytes: number;
  /** Months until the volume is full by these accounts alone; undefined where that never comes or isn't known. */
  monthsLeft: number | undefined;
}

const MB = 1_000_000;

export function moveCost({ move, accounts, mb, grow, taken, freeBytes }: MoveFacts): MoveCost {
  if (move === "to-pop3") {
    const share = (taken / 100) * accounts;
    return { bytes: -share * mb * MB, monthlyBytes: -share * grow * MB, monthsLeft: undefined };
  }
  const bytes = accounts * mb * MB;
  const monthlyBytes = accounts * grow * MB;
  const monthsLeft =
    freeBytes === undefined || monthlyBytes <= 0
      ? undefined
      : Math.max(0, (freeBytes - bytes) / monthlyBytes);
  return { bytes, monthlyBytes, monthsLeft };
}
