import type { FieldProblem } from "../settings/schema";
import type { IncomingServer, OutgoingServer } from "./told";

/** What mail programs are told of a domain, as page and command line show it. Names of fields are a promise (docs/cli.md). */
export interface ClientsView {
  domain: string;
  /** Whether anybody who asks is told anything. */
  served: boolean;
  /** Name of the mail server, and what it was taken from; null where there is none. */
  host: string | null;
  hostFrom: "setting" | "certificate" | "domain" | null;
  /** The server's certificate is good for it; null where that isn't known. */
  certificateCovers: boolean | null;
  /** The best first; empty where nothing is told. */
  incoming: readonly IncomingServer[];
  outgoing: OutgoingServer | null;
  /** Protocols that are not told, and why. */
  closed: readonly { protocol: string; because: string }[];
  profile: { state: "signed" | "unsigned" | "none" | "failing"; sentence: string };
  warnings: readonly string[];
  records: readonly RecordView[];
  /** Null where DNS was not asked. */
  dns: DnsView | null;
}

export interface RecordView {
  /** Absolute, without the last dot. */
  name: string;
  type: "SRV" | "CNAME";
  /** As a zone file has it. */
  data: string;
  about: string;
}

export interface DnsView {
  resolver: string;
  /** ISO 8601. */
  checkedAt: string;
  /** The mail server's own name. */
  host: ({ name: string } & PublishedView) | null;
  /** In the order of the records. */
  records: readonly PublishedView[];
}

export interface PublishedView {
  state: "as-told" | "differs" | "missing" | "unknown";
  sentence: string;
}

/** A link that was made, or what speaks against one: then the address is empty. */
export interface LinkView {
  url: string;
  sentence: string;
  problems: FieldProblem[];
}
