import { z } from "zod";
import { urlQuery } from "../url-query";

/** Longest text that is searched for, in characters. */
const LONGEST = 320;

const text = z.string().trim().max(LONGEST);
const day = z
  .string()
  .trim()
  .regex(
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/,
    "Enter a day, for instance 2026-11-25, or an instant, for instance 2026-11-25T18:00Z.",
  )
  .refine((given) => isReal(given), "There is no such day or time.")
  .optional();

const auditFilterSchema = z.object({
  /** Any part of what it is about, of its sentences or its reason. */
  q: text.default(""),
  /** Any part of the actor's name. */
  who: text.default(""),
  /** noun.verb, or the noun alone. */
  action: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z-]{1,64}(?:\.[a-z-]{1,64})?$/, "Name one action, for instance mailserver.save.")
    .optional(),
  outcome: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z-]{1,64}$/, "Name one outcome, for instance refused.")
    .optional(),
  /** The first day or instant; a day begins in the server's time zone. */
  from: day,
  /** The last one. */
  until: day,
});

/** Which entries are meant. */
export type AuditFilter = z.infer<typeof auditFilterSchema>;

const auditQuerySchema = auditFilterSchema.extend({
  /** Older than this entry. */
  before: z.coerce.number().int().positive().optional(),
  /** Newer than this one. */
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** The state of the list; it stands in the URL, and the command line takes the same words. */
export const auditQuery = urlQuery(auditQuerySchema);

/** 31 February is written like a day. */
function isReal(given: string): boolean {
  const at = new Date(given.includes("T") ? given : `${given}T00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(given.slice(0, 10));
}
