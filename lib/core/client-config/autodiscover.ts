import type { ClientConfig, OutgoingServer, Security } from "./told";
import { type Element, element, xmlDocument } from "./xml";

/** What a program must ask for to be answered in this way. */
export const OUTLOOK_SCHEMA =
  "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
const RESPONSE_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";

/** `Encryption` counts where it is known; `SSL` is for what knows nothing else, and keeps that from sending in the clear. */
const ENCRYPTIONS: Readonly<Record<Security, string>> = { tls: "SSL", starttls: "TLS", none: "None" };

/**
 * Outlook's "plain old XML" (MS-OXDSCLI 2.2.4). Each kind of server stands there once, in the order of preference: Outlook
 * takes the first that it can use. `address` is the one that was asked about, whether or not there is such a mailbox.
 */
export function autodiscoverXml({ provider, incoming, outgoing }: ClientConfig, address: string): string {
  const once = incoming.filter(
    ({ protocol }, index) => incoming.findIndex((other) => other.protocol === protocol) === index,
  );
  return xmlDocument(
    element(
      "Autodiscover",
      [
        element(
          "Response",
          [
            element("User", [element("DisplayName", provider)]),
            element("Account", [
              element("AccountType", "email"),
              element("Action", "settings"),
              ...once.map(({ protocol, proof, ...server }) =>
                element("Protocol", parts(protocol.toUpperCase(), server, address, proof === "encrypted")),
              ),
              ...(outgoing ? [element("Protocol", outgoingParts(outgoing, address))] : []),
            ]),
          ],
          { xmlns: OUTLOOK_SCHEMA },
        ),
      ],
      { xmlns: RESPONSE_SCHEMA },
    ),
  );
}

function parts(
  type: string,
  { host, port, security }: OutgoingServer,
  address: string,
  spa: boolean,
): Element[] {
  return [
    element("Type", type),
    element("Server", host),
    element("Port", port),
    element("LoginName", address),
    element("DomainRequired", "off"),
    element("SPA", spa ? "on" : "off"),
    element("SSL", security === "none" ? "off" : "on"),
    element("Encryption", ENCRYPTIONS[security]),
    element("AuthRequired", "on"),
  ];
}

function outgoingParts(server: OutgoingServer, address: string): Element[] {
  return [...parts("SMTP", server, address, false), element("UsePOPAuth", "on"), element("SMTPLast", "off")];
}
