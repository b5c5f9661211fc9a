import { dnsName } from "@/lib/core/client-config/names";
import { type DnsRecord, recordsFor } from "@/lib/core/client-config/records";
import { isLoopback } from "@/lib/core/client-config/told";
import type { MailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";
import { isServed, type Told, toldOfDomain } from "./config";
import { type ProfileState, profileState } from "./profile";
import { type ServerFacts, serverFacts } from "./server-facts";

/** Everything that an operator is told about a domain and mail programs. */
export interface DomainClients {
  domain: string;
  /** Whether anybody who asks is told anything. */
  served: boolean;
  told: Told | null;
  records: readonly DnsRecord[];
  profile: ProfileState | null;
  /** What keeps programs from being set up, or from the truth; a sentence each. */
  warnings: readonly string[];
}

export async function domainClients(
  node: MailNode,
  status: MailserverStatus,
  domain: string,
): Promise<DomainClients> {
  const [facts, served] = await Promise.all([serverFacts(node, status), isServed(node.db, domain)]);
  const unserved = served ? [] : [notServed(domain)];
  if (!facts) {
    const warnings = [...unserved, `Nothing can be told now. ${status.dovecot.trouble ?? ""}`.trim()];
    return { domain, served, told: null, records: [], profile: null, warnings };
  }
  const told = await toldOfDomain(node.db, facts, domain);
  const profile = await profileState(told);
  const { host, outgoing, options } = told;
  const incoming = told.config?.incoming ?? [];
  const webHost = options.webHost || host?.host;
  return {
    domain,
    served,
    told,
    records: served && webHost ? recordsFor({ domain, incoming, outgoing, webHost }) : [],
    profile,
    warnings: [
      ...unserved,
      ...hostWarnings(told, facts),
      ...(outgoing ? [] : [NO_OUTGOING]),
      ...told.protocols.flatMap(({ notes }) => notes),
      ...uncoveredDoors(told),
      ...(isLocalOnly(facts) ? [LOCAL_ONLY] : []),
      ...(dnsName(domain)
        ? []
        : [`${domain || "@"} is no name that DNS can have: there are no records for it.`]),
      ...(profile.state === "failing" ? [profile.sentence] : []),
    ],
  };
}

const NO_OUTGOING =
  "No outgoing server is set, so none is told: programs ask people for it or take none of the rest, and Apple devices get no profile.";
const LOCAL_ONLY =
  "The mail server listens on this host only: nobody elsewhere reaches what programs are told.";

function notServed(domain: string): string {
  return `No listing names an account of ${domain || "a domain"} there, so whoever asks is answered as for a domain that isn't here.`;
}

function hostWarnings({ host }: Told, { certificateNames }: ServerFacts): string[] {
  if (!host) return ["There is no name for the mail server that DNS could have: set one."];
  if (host.isCovered === true) return [];
  if (certificateNames === null)
    return [`The server's certificate can't be read here: whether it is good for ${host.host} is not known.`];
  const names = certificateNames.length === 0 ? "none" : certificateNames.slice(0, 5).join(", ");
  return [
    `The server's certificate is not good for ${host.host}: programs warn or refuse. Its names: ${names}.`,
  ];
}

/** Told because they work, and not because they should. */
function uncoveredDoors({ protocols }: Told): string[] {
  return protocols.flatMap(({ protocol, servers }) =>
    servers
      .filter(({ security }) => security === "none")
      .map(
        ({ port }) =>
          `${protocol.toUpperCase()} port ${port} is told without TLS: the server has none there.`,
      ),
  );
}

function isLocalOnly({ doors }: ServerFacts): boolean {
  return doors.length > 0 && doors.every(({ address }) => isLoopback(address));
}
