import type { ClientConfig, IncomingServer, OutgoingServer, Security } from "./told";
import { type Element, element, xmlDocument } from "./xml";

const SOCKETS: Readonly<Record<Security, string>> = { tls: "SSL", starttls: "STARTTLS", none: "plain" };

/**
 * Thunderbird's configuration file, version 1.1 (wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat). The
 * program fills the address in; with `address` it is an account's own. The first server that works is taken.
 */
export function autoconfigXml(config: ClientConfig, address = "%EMAILADDRESS%"): string {
  const { domain, provider, incoming, outgoing } = config;
  return xmlDocument(
    element(
      "clientConfig",
      [
        element(
          "emailProvider",
          [
            element("domain", domain),
            element("displayName", provider),
            element("displayShortName", provider),
            ...incoming.map((server) => incomingElement(server, address)),
            ...(outgoing ? [outgoingElement(outgoing, address)] : []),
          ],
          { id: domain },
        ),
      ],
      { version: "1.1" },
    ),
  );
}

function incomingElement(
  { protocol, host, port, security, proof }: IncomingServer,
  address: string,
): Element {
  const way = proof === "encrypted" ? "password-encrypted" : "password-cleartext";
  return element("incomingServer", serverParts({ host, port, security }, address, way), { type: protocol });
}

function outgoingElement(server: OutgoingServer, address: string): Element {
  return element("outgoingServer", serverParts(server, address, "password-cleartext"), { type: "smtp" });
}

function serverParts({ host, port, security }: OutgoingServer, address: string, way: string): Element[] {
  return [
    element("hostname", host),
    element("port", port),
    element("socketType", SOCKETS[security]),
    element("username", address),
    element("authentication", way),
  ];
}
