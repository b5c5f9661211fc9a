import { z } from "zod";
import { accountFilterSchema } from "./filter";
import { PROTOCOLS, RANKS } from "./rules";

const until = z.number().int().nullable();

/** One edit for many accounts: a policy of some protocols, a suspension, or the end of the suspensions there are. */
export const bulkActSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("policy"),
    protocols: z.array(z.enum(PROTOCOLS)).min(1),
    state: z.enum(["allow", "deny", "inherit"]),
    until,
  }),
  z.object({
    kind: z.literal("suspend"),
    protocol: z.enum([...PROTOCOLS, "all"]),
    rank: z.enum(RANKS),
    reason: z.string(),
    ticket: z.string(),
    until,
  }),
  z.object({ kind: z.literal("resume"), protocol: z.enum([...PROTOCOLS, "all"]), rank: z.enum(RANKS) }),
]);

export type BulkAct = z.infer<typeof bulkActSchema>;

/** Which accounts: some by name, or all that a filter takes. */
export const bulkTargetSchema = z.union([
  z.object({ addresses: z.array(z.string()).min(1) }),
  z.object({ filter: accountFilterSchema }),
]);

export type BulkTarget = z.infer<typeof bulkTargetSchema>;

export const bulkInputSchema = z.object({
  target: bulkTargetSchema,
  act: bulkActSchema,
  reason: z.string(),
});

export type BulkInput = z.infer<typeof bulkInputSchema>;
