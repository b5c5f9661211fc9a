import { z } from "zod";
import { urlQuery } from "../url-query";

/** Longest text that is searched for, in characters. */
const LONGEST = 200;

/** How a run of the engine for a revision ended. */
export const OUTCOMES = ["applied", "rolled-back", "rejected", "stuck"] as const;
export const ORIGINS = ["page", "cli", "api", "start", "keeper", "drift"] as const;

const historyQuerySchema = z.object({
  /** Any part of the sentences, the reason or the author; a number is a revision. */
  q: z.string().trim().max(LONGEST).default(""),
  author: z.string().trim().max(LONGEST).optional(),
  origin: z.enum(ORIGINS).optional(),
  /** An attempt to bring it into force ended so. */
  outcome: z.enum(OUTCOMES).optional(),
  /** Older than this revision. */
  before: z.coerce.number().int().positive().optional(),
  /** Newer than this one. */
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(25),
});

/** Which revisions a list shows. It stands in the URL, and the command line takes the same words. */
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

export const historyQuery = urlQuery(historyQuerySchema);

const comparisonSchema = z.object({
  from: z.coerce.number().int().positive().optional(),
  to: z.coerce.number().int().positive().optional(),
});

export const comparisonQuery = urlQuery(comparisonSchema);
