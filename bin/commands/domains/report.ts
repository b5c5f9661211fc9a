import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { domainSubject, EVERYBODY, type Subject, subjectLabel } from "@/lib/core/access/subject";
import type { DomainShownJson } from "@/lib/core/api/answers/domains";
import { showDomain } from "@/lib/server/domains/domain-facts";
import type { MailNode } from "@/lib/server/node";
import { many } from "../progress";
import { historyLines, type Report, section, suspensionLines } from "../rules/report";

/** What `domains show` tells; `ask` has Dovecot asked about some of its accounts first. */
export async function domainReport(node: MailNode, subject: Subject, ask: boolean): Promise<Report> {
  const { facts, contradicted, unproved } = await showDomain(node, subject, ask);
  return { json: facts, ...domainLines(facts), contradicted, unproved };
}

export function domainLines(facts: DomainShownJson): Pick<Report, "summary" | "details"> {
  return {
    summary: [
      facts.domain === EVERYBODY
        ? "All accounts without a rule of their own or their domain's"
        : subjectLabel(domainSubject(facts.domain)),
      ...countLines(facts),
      ...PROTOCOLS.map(
        (protocol) =>
          `  ${protocol.toUpperCase()}  ${facts[protocol].effective}  ${facts[protocol].because}${stateCounts(facts, protocol)}`,
      ),
      ...facts.proof.map(({ sentence }) => `        ${sentence}`),
    ],
    details: [
      ...section("Suspensions", suspensionLines(facts.suspensions)),
      ...section("History", historyLines(facts.history)),
    ],
  };
}

function countLines({ accounts, exceptions }: DomainShownJson): string[] {
  if (accounts === null) return [];
  if (accounts === 0) return ["  No listing names an account there. A rule for it holds all the same."];
  return [
    `  ${many(accounts, "account", "accounts")}, ${(exceptions ?? 0).toLocaleString("en")} with a policy of their own`,
    "  For an account without one:",
  ];
}

function stateCounts(facts: DomainShownJson, protocol: Protocol): string {
  const { allow, deny } = facts[protocol];
  if (!facts.accounts || allow === null || deny === null) return "";
  return ` (${allow.toLocaleString("en")} allowed, ${deny.toLocaleString("en")} denied in all)`;
}
