import { recordData } from "@/lib/core/client-config/records";
import type { ClientsView, DnsView } from "@/lib/core/client-config/views";
import type { MailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";
import { checkDns, type DnsCheck } from "./dns-check";
import { type DomainClients, domainClients } from "./domain-clients";

/** What is told of a domain. With `resolver` that one is asked what DNS says. */
export async function clientsView(
  node: MailNode,
  status: MailserverStatus,
  domain: string,
  resolver?: string,
): Promise<ClientsView> {
  const clients = await domainClients(node, status, domain);
  const { records, told } = clients;
  const host = clients.served ? told?.host?.host : undefined;
  return viewOf(clients, resolver === undefined ? null : await checkDns(resolver, records, host));
}

function viewOf({ domain, served, told, records, profile, warnings }: DomainClients, dns: DnsCheck | null) {
  return {
    domain,
    served,
    host: told?.host?.host ?? null,
    hostFrom: told?.host?.from ?? null,
    certificateCovers: told?.host?.isCovered ?? null,
    incoming: told?.config?.incoming ?? [],
    outgoing: told?.outgoing ?? null,
    closed: (told?.protocols ?? []).flatMap(({ protocol, because }) =>
      because === null ? [] : [{ protocol, because }],
    ),
    profile: profile ?? { state: "none" as const, sentence: "There is nothing to tell." },
    warnings,
    records: records.map((record) => ({
      name: record.name,
      type: record.type,
      data: recordData(record),
      about: record.about,
    })),
    dns: dns && dnsView(dns),
  };
}

function dnsView({ resolver, checkedAt, host, records }: DnsCheck): DnsView {
  return { resolver, checkedAt: checkedAt.toISOString(), host, records };
}
