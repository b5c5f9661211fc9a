import { z } from "zod";
import { instant } from "./instant";
import { changeDone, lastChange, layer, ruleChange, state, suspension, wantedState } from "./rules";

const protocolFacts = z
  .object({
    effective: state.describe("for an account there without a rule of its own"),
    because: z.string(),
    layer,
    policy: wantedState.describe("the domain's own"),
    until: instant.nullable(),
    allow: z.int().nullable().describe("for how many accounts in all"),
    deny: z.int().nullable(),
  })
  .meta({ id: "DomainProtocol" });

/** A domain; of `*`, everybody without a rule, the counts are null. */
export const domain = z
  .object({
    domain: z.string().describe('"" for accounts without one'),
    accounts: z.int().nullable(),
    exceptions: z.int().nullable(),
    suspended: z.int().nullable(),
    imap: protocolFacts,
    pop3: protocolFacts,
    protocols: z.object({ imap: protocolFacts, pop3: protocolFacts }),
    suspensions: z.array(suspension),
    lastChange,
  })
  .meta({ id: "Domain" });
export type DomainJson = z.infer<typeof domain>;

const shown = {
  ...domain.shape,
  history: z.array(ruleChange),
  proof: z
    .array(z.object({ state: z.enum(["good", "bad", "unknown"]), sentence: z.string() }))
    .describe("what Dovecot says of some of its accounts; empty where it wasn't asked"),
};

export const domainShown = z.object(shown).meta({ id: "DomainShown" });
export type DomainShownJson = z.infer<typeof domainShown>;

export const domainChanged = z.object({ ...changeDone.shape, ...shown }).meta({ id: "DomainChanged" });
