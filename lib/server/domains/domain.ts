import { type Decision, decide } from "@/lib/core/access/decide";
import { isLive, type Policy, PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { domainOfSubject, EVERYBODY, levelOf, type Subject } from "@/lib/core/access/subject";
import { isInScope } from "@/lib/core/operators/roles";
import { layersFrom } from "../access/layers";
import { rulesOf } from "../access/rows";
import type { PlacedSuspension } from "../accounts/list";
import { latestRevision } from "../mailserver/revisions";
import type { Scoped } from "../node";
import { tellInstant } from "../tell-instant";
import { type DomainCounts, domainCounts } from "./counts";

/** A domain, or everybody without a rule of their own or their domain's. */
export interface RuledDomain {
  subject: Subject;
  /** For an account there without a rule of its own. */
  protocols: Record<Protocol, Decision & { own: Policy | undefined }>;
  /** Live ones of the subject itself, and of everybody. */
  suspensions: PlacedSuspension[];
  /** Of a domain. */
  counts: DomainCounts | undefined;
  lastChange: { actor: string; at: string; reason: string } | undefined;
}

/** Whether a domain is the operator's to see. */
export function isTheirs({ scope }: Scoped, domain: string): boolean {
  return isInScope(scope, domain);
}

/** What holds for a domain, or with `*` for everybody; also for one that no listing knows. */
export async function domainAt(scoped: Scoped, subject: Subject): Promise<RuledDomain> {
  const { db } = scoped;
  const level = levelOf(subject);
  const [rules, { values }, counts] = await Promise.all([
    rulesOf(db, [...new Set([subject, EVERYBODY])]),
    latestRevision(db),
    level === "domain" ? domainCounts(scoped, [domainOfSubject(subject)]) : undefined,
  ]);
  // No account is named "": what is left are the rules of its domain and of everybody.
  const layers = layersFrom(rules, values, ["", level === "domain" ? subject : "", EVERYBODY]);
  const now = Date.now() / 1000;
  const own = layers.policies[level];
  return {
    subject,
    protocols: Object.fromEntries(
      PROTOCOLS.map((protocol) => [
        protocol,
        {
          ...decide(protocol, layers, now, tellInstant),
          own: own.find((policy) => policy.protocol === protocol && isLive(policy, now)),
        },
      ]),
    ) as RuledDomain["protocols"],
    suspensions: (["domain", "server"] as const).flatMap((of) =>
      layers.suspensions[of].filter((one) => isLive(one, now)).map((one) => ({ ...one, level: of })),
    ),
    counts: counts?.get(domainOfSubject(subject)),
    lastChange: [...own, ...layers.suspensions[level]]
      .map(({ by }) => by)
      .toSorted((a, b) => b.at.localeCompare(a.at))[0],
  };
}
