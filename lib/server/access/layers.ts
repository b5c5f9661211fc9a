import type { Layers } from "@/lib/core/access/decide";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type Subject, subjectsFor } from "@/lib/core/access/subject";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import type { Database } from "../database/client";
import { latestRevision } from "../mailserver/revisions";
import { rulesOf, type SubjectRules } from "./rows";

/** Everything that bears on each of these accounts; `values` are the server's wanted settings. */
export async function layersOf(
  db: Database,
  addresses: readonly string[],
): Promise<(address: string) => Layers> {
  const subjects = new Set(addresses.flatMap((address) => subjectsFor(address)));
  const [rules, { values }] = await Promise.all([rulesOf(db, [...subjects]), latestRevision(db)]);
  return (address) => layersFrom(rules, values, subjectsFor(address));
}

/** Of a domain: what an account without a rule of its own would have there. */
export function layersFrom(
  rules: SubjectRules,
  values: SettingsValues,
  [account, domain, everybody]: readonly [Subject, Subject, Subject],
): Layers {
  const of = <T>(groups: Map<Subject, T[]>) => ({
    account: groups.get(account) ?? [],
    domain: groups.get(domain) ?? [],
    server: groups.get(everybody) ?? [],
  });
  return {
    server: Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, values[protocol]])) as Layers["server"],
    policies: of(rules.policies),
    suspensions: of(rules.suspensions),
  };
}
