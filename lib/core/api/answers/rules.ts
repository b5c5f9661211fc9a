import { z } from "zod";
import { PROTOCOLS, RANKS } from "../../access/rules";
import { LEVELS } from "../../access/subject";
import { SECURITIES } from "../../use/security";
import { instant } from "./instant";

export const state = z.enum(["allow", "deny"]);
export const wantedState = z.enum(["allow", "deny", "inherit"]);
export const layer = z.enum(["server", "suspension", "account", "domain", "default"]);
const suspendable = z.enum([...PROTOCOLS, "all"]);

/** Who last changed a rule that stands. */
export const lastChange = z
  .object({ actor: z.string(), at: instant, reason: z.string() })
  .meta({ id: "LastChange" })
  .nullable();

export const suspension = z
  .object({
    id: z.int(),
    level: z.enum(LEVELS),
    protocol: suspendable,
    rank: z.enum(RANKS).describe("who may lift it, and whoever stands above"),
    reason: z.string(),
    ticket: z.string(),
    until: instant.nullable(),
    actor: z.string(),
    at: instant,
  })
  .meta({ id: "Suspension" });
export type SuspensionJson = z.infer<typeof suspension>;

export const proof = z
  .object({
    seen: z.enum(["allow", "deny", "no-such-user", "unknown"]),
    matches: z.boolean().describe("it is what was effective then"),
    at: instant,
    by: z.enum(["lookup", "closed-port"]),
  })
  .meta({ id: "Proof" });

export const lastUse = z
  .object({
    at: instant,
    security: z.enum(SECURITIES),
    tlsVersion: z.string(),
    webmailAt: instant.nullable(),
    clientAt: instant.nullable(),
    cleartextAt: instant.nullable(),
  })
  .meta({ id: "LastUse" });

const ruleFacts = z
  .union([
    z.object({
      protocol: suspendable,
      rank: z.enum(RANKS),
      reason: z.string(),
      ticket: z.string(),
      until: instant.nullable(),
    }),
    z.object({ state, until: instant.nullable(), reason: z.string().optional() }),
  ])
  .meta({ id: "Rule" });

/** What one change did to one rule. */
export const ruleChange = z
  .object({
    change: z.int(),
    at: instant,
    actor: z.string(),
    origin: z.string(),
    reason: z.string(),
    sentence: z.string(),
    subject: z.string().describe("the account, @domain or *"),
    protocol: z.string(),
    before: ruleFacts.nullable(),
    after: ruleFacts.nullable(),
    undone: z.boolean(),
  })
  .meta({ id: "RuleChange" });
export type RuleChangeJson = z.infer<typeof ruleChange>;

export const chainStep = z
  .object({
    layer,
    label: z.string(),
    says: z.enum(["allow", "deny", "nothing"]),
    decides: z.boolean(),
    until: instant.nullable(),
    actor: z.string().nullable(),
    at: instant.nullable(),
    reason: z.string().nullable(),
    suspensions: z.array(z.int()),
  })
  .meta({ id: "ChainStep" });
export type ChainStepJson = z.infer<typeof chainStep>;

/** What an act upon rules of one account or domain came to; what is then so is told beside it. */
export const changeDone = z.object({
  outcome: z.enum(["changed", "unchanged"]),
  change: z.int().nullable().describe("its number; null when nothing was changed"),
  sentences: z.array(z.string()),
  enforced: z.boolean().describe("in the access map, Dovecot asks that, and does not contradict"),
  troubles: z.array(z.string()),
  notes: z.array(z.string()),
  steps: z
    .array(
      z.object({ step: z.enum(["deny", "flush", "end-sessions"]), ok: z.boolean(), sentence: z.string() }),
    )
    .optional(),
  sessionsEnded: z.int().optional(),
});
