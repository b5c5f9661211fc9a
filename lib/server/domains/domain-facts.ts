import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { domainOfSubject, EVERYBODY, type Subject } from "@/lib/core/access/subject";
import type { DomainJson, DomainShownJson } from "@/lib/core/api/answers/domains";
import { proveChange } from "../access/prove-change";
import { historyFacts } from "../access/rule-facts";
import { isoOf, suspensionFacts } from "../accounts/export/facts";
import { historyOf } from "../accounts/history";
import type { MailNode } from "../node";
import { domainAt, type RuledDomain } from "./domain";
import type { DomainRow } from "./list";

const HISTORY = 20;

/** A domain as it is shown; `ask` has Dovecot asked about some of its accounts first. */
export async function showDomain(
  node: MailNode,
  subject: Subject,
  ask: boolean,
): Promise<{ facts: DomainShownJson; contradicted: boolean; unproved: false }> {
  const proof = ask ? await proveChange(node, [subject], PROTOCOLS) : [];
  const [domain, history] = await Promise.all([domainAt(node, subject), historyOf(node, [subject], HISTORY)]);
  return {
    facts: { ...domainFacts(domain), history: historyFacts(history), proof },
    contradicted: proof.some(({ state }) => state === "bad"),
    unproved: false,
  };
}

/** A domain for scripts and the API: names and types are a promise (docs/cli.md). */
function domainFacts({ subject, protocols, suspensions, counts, lastChange }: RuledDomain): DomainJson {
  return {
    domain: subject === EVERYBODY ? EVERYBODY : domainOfSubject(subject),
    ...countsFacts(counts),
    ...protocolsFacts(protocols, counts),
    suspensions: suspensions.map(suspensionFacts),
    lastChange: lastChange ?? null,
  };
}

/** The same of a list's row. */
export function domainRowFacts({ name, protocols, counts, suspensions, lastChange }: DomainRow): DomainJson {
  return {
    domain: name,
    ...countsFacts(counts),
    ...protocolsFacts(protocols, counts),
    suspensions: suspensions.map((one) => suspensionFacts({ ...one, level: "domain" })),
    lastChange: lastChange ?? null,
  };
}

function countsFacts(counts: RuledDomain["counts"]) {
  return {
    accounts: counts?.accounts ?? null,
    exceptions: counts?.exceptions ?? null,
    suspended: counts?.suspended ?? null,
  };
}

function protocolsFacts(protocols: RuledDomain["protocols"], counts: RuledDomain["counts"]) {
  const of = (protocol: Protocol) => {
    const { effective, because, layer, own } = protocols[protocol];
    return {
      effective,
      because,
      layer,
      policy: own?.state ?? ("inherit" as const),
      until: isoOf(own?.until ?? null),
      allow: counts?.[protocol].allow ?? null,
      deny: counts?.[protocol].deny ?? null,
    };
  };
  const both = { imap: of("imap"), pop3: of("pop3") };
  return { ...both, protocols: both };
}
