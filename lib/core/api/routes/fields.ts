import { z } from "zod";
import { reasonField, ticketField } from "../../access/form-schemas";
import { PROTOCOLS, RANKS } from "../../access/rules";

/** Longest name and cursor, in UTF-16 units. */
export const LONGEST_NAME = 1024;

export const reason = reasonField.describe("why; stays in the history");

/** Read where the time and the zone are known. */
export const until = z
  .string()
  .trim()
  .max(100)
  .nullable()
  .default(null)
  .describe("when it ends by itself: ISO 8601, +7d, friday 18:00");

const state = z.enum(["allow", "deny", "inherit"]);

export const setBody = z
  .strictObject({
    imap: state.optional(),
    pop3: state.optional(),
    until,
    reason,
    offNow: z.boolean().default(false).describe("end the open sessions too that are then denied"),
    proof: z.boolean().default(true).describe("ask Dovecot afterwards"),
  })
  .refine(({ imap, pop3 }) => imap !== undefined || pop3 !== undefined, {
    message: "Say what is to be set: imap, pop3 or both.",
    path: ["pop3"],
  });

export const protocolOrAll = z.enum([...PROTOCOLS, "all"]).default("all");

export const suspendBody = z.strictObject({
  protocol: protocolOrAll,
  reason: reason.refine((text) => text !== "", "Say why."),
  ticket: ticketField.describe("of a ticket elsewhere"),
  until,
  mayResume: z.enum(RANKS).optional().describe("who may lift it; the token's own rank without it"),
  offNow: z.boolean().default(false).describe("end the open sessions too"),
  proof: z.boolean().default(true),
});

export const resumeBody = z.strictObject({
  protocol: protocolOrAll,
  id: z.int().positive().optional().describe("only this suspension; without it every one"),
  reason,
  proof: z.boolean().default(true),
});
