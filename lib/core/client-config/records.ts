import type { Protocol } from "../access/rules";
import { dnsName } from "./names";
import type { IncomingServer, OutgoingServer } from "./told";

/** What to publish in DNS so that mail programs find the server by a domain alone. Names are absolute, without the last dot. */
export type DnsRecord = { name: string; about: string } & (
  | { type: "SRV"; priority: number; weight: number; port: number; target: string }
  | { type: "CNAME"; target: string }
);

/** Target of a service that is not offered (RFC 2782, RFC 6186 3.4). */
export const NOT_OFFERED = ".";

export interface RecordFacts {
  domain: string;
  /** The best first; those of protocols that are off are missing. */
  incoming: readonly IncomingServer[];
  outgoing: OutgoingServer | null;
  /** Where the web server is that passes questions on to the panel. */
  webHost: string;
}

const KINDS = [
  { service: "imaps", protocol: "imap", tls: true },
  { service: "imap", protocol: "imap", tls: false },
  { service: "pop3s", protocol: "pop3", tls: true },
  { service: "pop3", protocol: "pop3", tls: false },
] as const satisfies readonly { service: string; protocol: Protocol; tls: boolean }[];

/** Records for a domain; none where its name is none that DNS can have. */
export function recordsFor({ domain, incoming, outgoing, webHost }: RecordFacts): DnsRecord[] {
  const zone = dnsName(domain);
  if (!zone) return [];
  const services = KINDS.map(({ service, protocol, tls }): DnsRecord => {
    const server = incoming.find((one) => one.protocol === protocol && (one.security === "tls") === tls);
    const label = `${protocol.toUpperCase()} ${tls ? "with TLS from the first byte" : "with STARTTLS"}`;
    if (!server) return srv(zone, service, `${label}: not offered`, { port: 0, target: NOT_OFFERED });
    const about = server.security === "none" ? `${protocol.toUpperCase()} without TLS` : label;
    // RFC 6186 3.4: of several services the one with the lowest priority is preferred.
    const priority = 10 * incoming.indexOf(server);
    return srv(zone, service, about, { port: server.port, target: server.host, priority, weight: 1 });
  });
  return [...services, ...handingIn(zone, outgoing), ...askingThePanel(zone, webHost)];
}

function handingIn(zone: string, outgoing: OutgoingServer | null): DnsRecord[] {
  if (!outgoing) return [];
  const { host, port, security } = outgoing;
  // RFC 8314 gave the one with TLS from the first byte its own name.
  const service = security === "tls" ? "submissions" : "submission";
  return [srv(zone, service, "Outgoing mail", { port, target: host, weight: 1 })];
}

function askingThePanel(zone: string, webHost: string): DnsRecord[] {
  const name = `autoconfig.${zone}`;
  const about = "Thunderbird asks there";
  return [
    ...(name === webHost ? [] : [{ name, type: "CNAME" as const, target: webHost, about }]),
    srv(zone, "autodiscover", "Outlook asks there", { port: 443, target: webHost }),
  ];
}

function srv(
  zone: string,
  service: string,
  about: string,
  data: { port: number; target: string; priority?: number; weight?: number },
): DnsRecord {
  const name = `_${service}._tcp.${zone}`;
  return { name, type: "SRV", priority: 0, weight: 0, ...data, about };
}

/** As a zone file has it (RFC 1035, 5.1), with absolute names. */
export function recordData(record: DnsRecord): string {
  const target = record.target === NOT_OFFERED ? NOT_OFFERED : `${record.target}.`;
  return record.type === "CNAME" ? target : `${record.priority} ${record.weight} ${record.port} ${target}`;
}
