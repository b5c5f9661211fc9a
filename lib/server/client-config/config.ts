import { type Decision, decide, type Layers } from "@/lib/core/access/decide";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { domainSubject, EVERYBODY } from "@/lib/core/access/subject";
import { mailHost, type NamedHost } from "@/lib/core/client-config/names";
import {
  type ClientConfig,
  type OutgoingServer,
  type ToldProtocol,
  toldProtocol,
} from "@/lib/core/client-config/told";
import { layersFrom, layersOf } from "../access/layers";
import { rulesOf } from "../access/rows";
import type { Database } from "../database/client";
import { latestRevision } from "../mailserver/revisions";
import { panelSettings, type SavedOptions } from "../panel-settings";
import { tellInstant } from "../tell-instant";
import type { ServerFacts } from "./server-facts";

export type ClientOptions = SavedOptions<"clients">["values"];

/** What mail programs are told of a domain or an account, and why of the rest nothing. */
export interface Told {
  options: ClientOptions;
  host: NamedHost | undefined;
  /** The preferred one first. */
  protocols: readonly ToldProtocol[];
  outgoing: OutgoingServer | null;
  /** Null where there is nothing to tell. */
  config: ClientConfig | null;
}

/**
 * For an account of a domain that has no rule of its own. No mailbox is looked up, here or in what this calls: the answer
 * is the same, and takes the same time, whoever asks.
 */
export async function toldOfDomain(db: Database, facts: ServerFacts, domain: string): Promise<Told> {
  const subject = domainSubject(domain);
  const [rules, { values }] = await Promise.all([rulesOf(db, [subject, EVERYBODY]), latestRevision(db)]);
  // No account is named "": what is left are the rules of its domain and of everybody.
  return await told(db, facts, domain, layersFrom(rules, values, ["", subject, EVERYBODY]));
}

/** For one account, its own rules considered. */
export async function toldOfAccount(
  db: Database,
  facts: ServerFacts,
  { address, domain }: { address: string; domain: string },
): Promise<Told> {
  const layers = await layersOf(db, [address]);
  return await told(db, facts, domain, layers(address));
}

/** A listing names an account there: only then anything is told of a domain. */
export async function isServed(db: Database, domain: string): Promise<boolean> {
  // "" are accounts without a domain: nobody can ask about those.
  if (domain === "") return false;
  const row = await db.domain.findUnique({ where: { name: domain } });
  return row !== null && row.accounts > 0;
}

async function told(db: Database, facts: ServerFacts, domain: string, layers: Layers): Promise<Told> {
  const { values: options } = await panelSettings(db, "clients");
  const now = Date.now() / 1000;
  const decisions = Object.fromEntries(
    PROTOCOLS.map((protocol) => [protocol, decide(protocol, layers, now, tellInstant)]),
  ) as Record<Protocol, Decision>;
  const protocols = PROTOCOLS.map((protocol) =>
    toldProtocol(protocol, facts.doors, facts.login[protocol], decisions[protocol]),
  ).toSorted((a, b) => Number(b.protocol === options.order) - Number(a.protocol === options.order));
  const host = mailHost(domain, options.host, facts.certificateNames);
  const outgoing = outgoingOf(options);
  const incoming = host
    ? protocols.flatMap(({ servers }) => servers.map((server) => ({ ...server, host: host.host })))
    : [];
  const provider = options.provider || domain;
  return {
    options,
    host,
    protocols,
    outgoing,
    config: incoming.length === 0 ? null : { domain, provider, incoming, outgoing },
  };
}

function outgoingOf(options: ClientOptions): OutgoingServer | null {
  const { outgoingHost: host, outgoingPort: port, outgoingSecurity: security } = options;
  return host === "" ? null : { host, port, security };
}
