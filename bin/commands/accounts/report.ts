import { USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { subjectsFor } from "@/lib/core/access/subject";
import { type ProofResult, prove } from "@/lib/server/access/prove";
import { proofSteps } from "@/lib/server/access/prove-change";
import { type Account, accountAt } from "@/lib/server/accounts/account";
import {
  type AccountFacts,
  accountFacts,
  isoOf,
  type ProofFacts,
  proofFacts,
} from "@/lib/server/accounts/export/facts";
import { historyOf } from "@/lib/server/accounts/history";
import type { MailNode } from "@/lib/server/node";
import { type AccountUse, accountUse } from "@/lib/server/use/account-use";
import { securityWords } from "@/lib/server/use/uses-of";
import {
  chainJson,
  chainLines,
  historyJson,
  historyLines,
  type Report,
  section,
  suspensionLines,
  tryToProve,
} from "../rules/report";

const HISTORY = 20;

/** What `accounts show` tells; `ask` has Dovecot itself asked first. */
export async function accountReport(node: MailNode, address: string, ask: boolean): Promise<Report> {
  const { results, trouble } = ask
    ? await tryToProve(() => prove(node, [address]))
    : { results: [], trouble: null };
  const [account, use, history] = await Promise.all([
    accountAt(node, address),
    accountUse(node.db, address),
    historyOf(node.db, subjectsFor(address), HISTORY),
  ]);
  const facts = withProofs(accountFacts(account), ask, results);
  return {
    json: {
      ...withProtocols(facts),
      known: account.known,
      chain: Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, chainJson(account.chains[protocol])])),
      history: historyJson(history),
      trouble,
      use: useJson(use),
    },
    summary: [
      address,
      ...knownLines(account),
      ...PROTOCOLS.flatMap((protocol) => [
        `  ${protocol.toUpperCase()}  ${facts[protocol].effective}  ${facts[protocol].because}`,
        `        ${proofLine(facts, protocol, results, trouble)}`,
        `        ${useLine(use, protocol)}`,
      ]),
    ],
    details: [
      ...PROTOCOLS.flatMap((protocol) =>
        section(`Layers of ${protocol.toUpperCase()}`, chainLines(account.chains[protocol])),
      ),
      ...section("Suspensions", suspensionLines(facts.suspensions)),
      ...section("History", historyLines(history)),
    ],
    contradicted: results.some(({ differs }) => differs),
    unproved: trouble !== null || results.some(({ seen }) => seen === "unknown"),
  };
}

/** Per protocol at the top and below `protocols`, for scripts that go through them. */
export function withProtocols(facts: AccountFacts) {
  return { ...facts, protocols: { imap: facts.imap, pop3: facts.pop3 } };
}

function withProofs(facts: AccountFacts, ask: boolean, results: readonly ProofResult[]): AccountFacts {
  if (!ask) return facts;
  const of = (protocol: Protocol) => ({ ...facts[protocol], proof: proofNow(protocol, results) });
  return { ...facts, imap: of("imap"), pop3: of("pop3") };
}

function proofNow(protocol: Protocol, results: readonly ProofResult[]): ProofFacts {
  const result = results.find((one) => one.protocol === protocol);
  return result
    ? proofFacts(result)
    : { seen: "unknown", matches: false, at: new Date().toISOString(), by: "lookup" };
}

function proofLine(
  facts: AccountFacts,
  protocol: Protocol,
  results: readonly ProofResult[],
  trouble: string | null,
): string {
  if (trouble !== null) return `Not proved: ${trouble}`;
  const now = proofSteps(results.filter((result) => result.protocol === protocol))[0];
  if (now) return now.sentence;
  const { proof } = facts[protocol];
  return proof ? `Dovecot was last asked ${proof.at}: ${proof.seen}.` : "Dovecot was never asked.";
}

/** Counts are of the last 30 days. */
function useJson({ protocols, addresses, coverage, limits }: AccountUse) {
  return {
    since: isoOf(coverage.since ?? null),
    ...Object.fromEntries(
      protocols.map(({ protocol, last, times, webmail, cleartext }) => [
        protocol,
        { lastAt: isoOf(last?.lastAt ?? null), times, webmail, cleartext },
      ]),
    ),
    addresses: addresses.map(({ firstAt, lastAt, ...one }) => ({
      ...one,
      firstAt: isoOf(firstAt),
      lastAt: isoOf(lastAt),
    })),
    limits,
  };
}

function useLine({ protocols, coverage }: AccountUse, protocol: Protocol): string {
  const use = protocols.find((one) => one.protocol === protocol);
  if (use?.last)
    return `Last used ${isoOf(use.last.lastAt)}, ${securityWords(use.last)}; ${use.times} times within ${USED_DAYS} days.`;
  return coverage.since === undefined
    ? "No sign-in was collected yet."
    : `Not seen to sign in since ${isoOf(coverage.since)}.`;
}

function knownLines({ known, vanishedAt }: Account): string[] {
  if (known === "listed") return [];
  return known === "vanished"
    ? [`  Vanished: the listing of ${vanishedAt?.toISOString() ?? "?"} did not name it. Its rules stand.`]
    : ["  No listing has ever named this account. A rule for it holds all the same."];
}
