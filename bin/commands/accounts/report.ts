import { USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { AccountShownJson } from "@/lib/core/api/answers/accounts";
import { showAccount } from "@/lib/server/accounts/account-facts";
import type { MailNode } from "@/lib/server/node";
import { securityWords } from "@/lib/server/use/uses-of";
import { chainLines, historyLines, type Report, section, suspensionLines } from "../rules/report";

/** What `accounts show` tells; `ask` has Dovecot itself asked first. */
export async function accountReport(node: MailNode, address: string, ask: boolean): Promise<Report> {
  const { facts, proofs, contradicted, unproved } = await showAccount(node, address, ask);
  return { json: facts, ...accountLines(facts, proofs), contradicted, unproved };
}

/** `proofs` are what Dovecot said just now, by protocol. */
export function accountLines(
  facts: AccountShownJson,
  proofs: Partial<Record<Protocol, string>> = {},
): Pick<Report, "summary" | "details"> {
  return {
    summary: [
      facts.address,
      ...knownLines(facts),
      ...PROTOCOLS.flatMap((protocol) => [
        `  ${protocol.toUpperCase()}  ${facts[protocol].effective}  ${facts[protocol].because}`,
        `        ${proofs[protocol] ?? proofLine(facts, protocol)}`,
        `        ${useLine(facts, protocol)}`,
      ]),
    ],
    details: [
      ...PROTOCOLS.flatMap((protocol) =>
        section(`Layers of ${protocol.toUpperCase()}`, chainLines(facts.chain[protocol])),
      ),
      ...section("Suspensions", suspensionLines(facts.suspensions)),
      ...section("History", historyLines(facts.history)),
    ],
  };
}

function proofLine({ trouble, ...facts }: AccountShownJson, protocol: Protocol): string {
  if (trouble !== null) return `Not proved: ${trouble}`;
  const { proof } = facts[protocol];
  return proof ? `Dovecot was last asked ${proof.at}: ${proof.seen}.` : "Dovecot was never asked.";
}

function useLine({ use, ...facts }: AccountShownJson, protocol: Protocol): string {
  const { lastUse } = facts[protocol];
  if (lastUse)
    return `Last used ${lastUse.at}, ${securityWords(lastUse)}; ${use[protocol].times} times within ${USED_DAYS} days.`;
  return use.since === null ? "No sign-in was collected yet." : `Not seen to sign in since ${use.since}.`;
}

function knownLines({ known, vanishedAt }: AccountShownJson): string[] {
  if (known === "listed") return [];
  return known === "vanished"
    ? [`  Vanished: the listing of ${vanishedAt ?? "?"} did not name it. Its rules stand.`]
    : ["  No listing has ever named this account. A rule for it holds all the same."];
}
