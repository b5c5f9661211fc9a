import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { domainOfSubject, EVERYBODY, type Subject, subjectLabel } from "@/lib/core/access/subject";
import { proveChange } from "@/lib/server/access/prove-change";
import { isoOf, suspensionFacts } from "@/lib/server/accounts/export/facts";
import { historyOf } from "@/lib/server/accounts/history";
import { domainAt, type RuledDomain } from "@/lib/server/domains/domain";
import type { DomainRow } from "@/lib/server/domains/list";
import type { MailNode } from "@/lib/server/node";
import { many } from "../progress";
import { historyJson, historyLines, type Report, section, suspensionLines } from "../rules/report";

const HISTORY = 20;

/** What `domains show` tells; `ask` has Dovecot asked about some of its accounts first. */
export async function domainReport(node: MailNode, subject: Subject, ask: boolean): Promise<Report> {
  const proof = ask ? await proveChange(node, [subject], PROTOCOLS) : [];
  const [domain, history] = await Promise.all([
    domainAt(node, subject),
    historyOf(node.db, [subject], HISTORY),
  ]);
  const facts = domainFacts(domain);
  return {
    json: { ...facts, history: historyJson(history), proof },
    summary: [
      subject === EVERYBODY
        ? "All accounts without a rule of their own or their domain's"
        : subjectLabel(subject),
      ...countLines(domain),
      ...PROTOCOLS.map(
        (protocol) =>
          `  ${protocol.toUpperCase()}  ${facts[protocol].effective}  ${facts[protocol].because}${stateCounts(domain, protocol)}`,
      ),
      ...proof.map(({ sentence }) => `        ${sentence}`),
    ],
    details: [
      ...section("Suspensions", suspensionLines(facts.suspensions)),
      ...section("History", historyLines(history)),
    ],
    contradicted: proof.some(({ state }) => state === "bad"),
    unproved: false,
  };
}

/** A domain for scripts: names and types are a promise (docs/cli.md). */
function domainFacts({ subject, protocols, suspensions, counts, lastChange }: RuledDomain) {
  return {
    domain: subject === EVERYBODY ? EVERYBODY : domainOfSubject(subject),
    ...countsJson(counts),
    ...protocolsJson(protocols, counts),
    suspensions: suspensions.map(suspensionFacts),
    lastChange: lastChange ?? null,
  };
}

/** The same of a list's row. */
export function domainRowFacts({ name, protocols, counts, suspensions, lastChange }: DomainRow) {
  return {
    domain: name,
    ...countsJson(counts),
    ...protocolsJson(protocols, counts),
    suspensions: suspensions.map((one) => suspensionFacts({ ...one, level: "domain" })),
    lastChange: lastChange ?? null,
  };
}

function countsJson(counts: RuledDomain["counts"]) {
  return {
    accounts: counts?.accounts ?? null,
    exceptions: counts?.exceptions ?? null,
    suspended: counts?.suspended ?? null,
  };
}

function protocolsJson(protocols: RuledDomain["protocols"], counts: RuledDomain["counts"]) {
  const of = (protocol: Protocol) => {
    const { effective, because, layer, own } = protocols[protocol];
    return {
      effective,
      because,
      layer,
      policy: own?.state ?? "inherit",
      until: isoOf(own?.until ?? null),
      allow: counts?.[protocol].allow ?? null,
      deny: counts?.[protocol].deny ?? null,
    };
  };
  const both = { imap: of("imap"), pop3: of("pop3") };
  return { ...both, protocols: both };
}

function countLines({ counts }: RuledDomain): string[] {
  if (!counts) return [];
  if (counts.accounts === 0)
    return ["  No listing names an account there. A rule for it holds all the same."];
  return [
    `  ${many(counts.accounts, "account", "accounts")}, ${counts.exceptions.toLocaleString("en")} with a policy of their own`,
    "  For an account without one:",
  ];
}

function stateCounts({ counts }: RuledDomain, protocol: Protocol): string {
  if (!counts || counts.accounts === 0) return "";
  const { allow, deny } = counts[protocol];
  return ` (${allow.toLocaleString("en")} allowed, ${deny.toLocaleString("en")} denied in all)`;
}
