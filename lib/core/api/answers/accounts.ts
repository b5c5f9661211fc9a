import { z } from "zod";
import { PROTOCOLS } from "../../access/rules";
import { instant } from "./instant";
import { note } from "./notes";
import {
  chainStep,
  changeDone,
  lastChange,
  lastUse,
  layer,
  proof,
  ruleChange,
  state,
  suspension,
  wantedState,
} from "./rules";

const protocolFacts = z
  .object({
    effective: state,
    because: z.string(),
    layer,
    override: wantedState.describe("the account's own policy"),
    until: instant.nullable(),
    proof: proof.nullable().describe("what Dovecot answered when it was last asked"),
    lastUse: lastUse.nullable(),
  })
  .meta({ id: "AccountProtocol" });

/** An account as a list has it. */
export const account = z
  .object({
    address: z.string(),
    domain: z.string(),
    vanishedAt: instant.nullable(),
    imap: protocolFacts,
    pop3: protocolFacts,
    suspensions: z.array(suspension),
    lastChange,
    annotations: z.array(note).describe("notes beside the account itself, newest first"),
    protocols: z.object({ imap: protocolFacts, pop3: protocolFacts }),
  })
  .meta({ id: "Account" });
export type AccountJson = z.infer<typeof account>;

const use = z.object({ lastAt: instant.nullable(), times: z.int(), webmail: z.int(), cleartext: z.int() });

/** Evidence of use; counts are of the last 30 days. */
export const accountUse = z
  .object({
    since: instant.nullable().describe("from when on sign-ins are known"),
    imap: use,
    pop3: use,
    addresses: z.array(
      z.object({
        protocol: z.enum(PROTOCOLS),
        remote: z.string(),
        firstAt: instant,
        lastAt: instant,
        count: z.int(),
        isWebmail: z.boolean(),
      }),
    ),
    limits: z.array(z.string()).describe("what isn't known"),
  })
  .meta({ id: "AccountUse" });
export type AccountUseJson = z.infer<typeof accountUse>;

const shown = {
  ...account.shape,
  known: z.enum(["listed", "vanished", "never-listed"]),
  chain: z.object({ imap: z.array(chainStep), pop3: z.array(chainStep) }),
  history: z.array(ruleChange),
  trouble: z.string().nullable().describe("why Dovecot could not be asked"),
  use: accountUse,
};

export const accountShown = z.object(shown).meta({ id: "AccountShown" });
export type AccountShownJson = z.infer<typeof accountShown>;

export const accountChanged = z.object({ ...changeDone.shape, ...shown }).meta({ id: "AccountChanged" });

const example = z.object({ now: state, afterwards: state, because: z.string() });

/** What an act upon many would do. */
export const bulkPreview = z
  .object({
    accounts: z.int(),
    isMore: z.boolean(),
    changing: z.int(),
    alreadySo: z.int(),
    notAllowed: z.int(),
    used: z.int().nullable(),
    only: z.int().nullable(),
    examples: z.array(
      z.object({ address: z.string(), protocols: z.object({ imap: example, pop3: example }) }),
    ),
  })
  .meta({ id: "BulkPreview" });
