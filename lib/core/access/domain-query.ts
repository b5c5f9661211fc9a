import { z } from "zod";
import { urlQuery } from "../url-query";
import { foldName } from "./name";

const LONGEST = 320;
const state = z.enum(["allow", "deny"]);

const domainFilterSchema = z.object({
  /** Any part of the name. */
  q: z.string().trim().max(LONGEST).transform(foldName).default(""),
  /** What is effective there for an account without a rule of its own. */
  imap: state.optional(),
  pop3: state.optional(),
  /** It has a rule or suspension of its own. */
  rules: z.enum(["yes", "no"]).optional(),
});

/** Which domains a list shows. */
export type DomainFilter = z.infer<typeof domainFilterSchema>;

const domainQuerySchema = domainFilterSchema.extend({
  after: z.string().max(LONGEST).optional(),
  before: z.string().max(LONGEST).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type DomainQuery = z.infer<typeof domainQuerySchema>;

export const domainQuery = urlQuery(domainQuerySchema);
