import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { subjectsFor } from "@/lib/core/access/subject";
import type { AccountJson, AccountShownJson, AccountUseJson } from "@/lib/core/api/answers/accounts";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type ProofResult, prove } from "../access/prove";
import { proofSteps } from "../access/prove-change";
import { chainFacts, historyFacts } from "../access/rule-facts";
import type { MailNode } from "../node";
import { type AccountUse, accountUse } from "../use/account-use";
import { accountAt } from "./account";
import { type AccountFacts, accountFacts, isoOf, proofFacts } from "./export/facts";
import { historyOf } from "./history";

const HISTORY = 20;

/** An account as it is shown, and what Dovecot said to it just now. */
export interface ShownAccount {
  facts: AccountShownJson;
  /** By protocol, where it was asked. */
  proofs: Partial<Record<Protocol, string>>;
  /** Dovecot contradicts what is effective. */
  contradicted: boolean;
  /** It was asked and could not say, or can't be asked. */
  unproved: boolean;
}

/** All that is known of one address, listed or not; `ask` has Dovecot itself asked first. */
export async function showAccount(node: MailNode, address: string, ask: boolean): Promise<ShownAccount> {
  const { results, trouble } = ask
    ? await tryToProve(() => prove(node, [address]))
    : { results: [], trouble: null };
  const [account, use, history] = await Promise.all([
    accountAt(node, address),
    accountUse(node.db, address),
    historyOf(node, subjectsFor(address), HISTORY),
  ]);
  const facts: AccountShownJson = {
    ...withProtocols(withProofs(accountFacts(account), ask, results)),
    known: account.known,
    chain: { imap: chainFacts(account.chains.imap), pop3: chainFacts(account.chains.pop3) },
    history: historyFacts(history),
    trouble,
    use: useFacts(use),
  };
  return {
    facts,
    proofs: Object.fromEntries(
      PROTOCOLS.flatMap((protocol) => {
        const [step] = proofSteps(results.filter((result) => result.protocol === protocol));
        return step ? [[protocol, step.sentence]] : [];
      }),
    ),
    contradicted: results.some(({ differs }) => differs),
    unproved: trouble !== null || results.some(({ seen }) => seen === "unknown"),
  };
}

/** Per protocol at the top and below `protocols`, for scripts that go through them. */
export function withProtocols(facts: AccountFacts): AccountJson {
  return { ...facts, protocols: { imap: facts.imap, pop3: facts.pop3 } };
}

/** Counts are of the last 30 days. */
export function useFacts({ protocols, addresses, coverage, limits }: AccountUse): AccountUseJson {
  const of = (protocol: Protocol) => {
    const use = protocols.find((one) => one.protocol === protocol);
    return {
      lastAt: isoOf(use?.last?.lastAt ?? null),
      times: use?.times ?? 0,
      webmail: use?.webmail ?? 0,
      cleartext: use?.cleartext ?? 0,
    };
  };
  return {
    since: isoOf(coverage.since ?? null),
    imap: of("imap"),
    pop3: of("pop3"),
    addresses: addresses.map(({ firstAt, lastAt, ...one }) => ({
      ...one,
      firstAt: isoOf(firstAt) ?? "",
      lastAt: isoOf(lastAt) ?? "",
    })),
    limits,
  };
}

/** Asks, and has a sentence where the daemon can't be asked. */
async function tryToProve(
  ask: () => Promise<ProofResult[]>,
): Promise<{ results: ProofResult[]; trouble: string | null }> {
  try {
    return { results: await ask(), trouble: null };
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return { results: [], trouble: error.message };
  }
}

function withProofs(facts: AccountFacts, ask: boolean, results: readonly ProofResult[]): AccountFacts {
  if (!ask) return facts;
  const of = (protocol: Protocol) => ({ ...facts[protocol], proof: proofNow(protocol, results) });
  return { ...facts, imap: of("imap"), pop3: of("pop3") };
}

function proofNow(protocol: Protocol, results: readonly ProofResult[]): AccountFacts["imap"]["proof"] {
  const result = results.find((one) => one.protocol === protocol);
  return result
    ? proofFacts(result)
    : { seen: "unknown", matches: false, at: new Date().toISOString(), by: "lookup" };
}
