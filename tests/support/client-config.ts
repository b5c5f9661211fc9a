import { DOMParser, type Element, onErrorStopParsing } from "@xmldom/xmldom";
import type { ClientConfig } from "@/lib/core/client-config/told";

/** A domain with everything open, as mail programs are told of it. */
export const TOLD: ClientConfig & { outgoing: NonNullable<ClientConfig["outgoing"]> } = {
  domain: "site.example",
  provider: "Site & Sons",
  incoming: [
    { protocol: "imap", host: "mail.site.example", port: 993, security: "tls", proof: "cleartext" },
    { protocol: "imap", host: "mail.site.example", port: 143, security: "starttls", proof: "cleartext" },
    { protocol: "pop3", host: "mail.site.example", port: 995, security: "tls", proof: "cleartext" },
  ],
  outgoing: { host: "smtp.site.example", port: 587, security: "starttls" },
};

/** Reads XML as strictly as there is; throws where it isn't. */
export function parseXml(text: string): Element {
  const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    text,
    "text/xml",
  ).documentElement;
  if (!root) throw new Error("There is no root element.");
  return root;
}

/** The texts of the elements below one, by name; the last counts. */
export function partsOf(element: Element): Record<string, string> {
  return Object.fromEntries(childrenOf(element).map((child) => [child.localName, child.textContent ?? ""]));
}

/** Elements of a name anywhere below one, whatever their namespace. */
export function below(element: Element, name: string): Element[] {
  return [...element.getElementsByTagNameNS("*", name)];
}

function childrenOf(element: Element): Element[] {
  return [...element.childNodes].filter((node): node is Element => node.nodeType === node.ELEMENT_NODE);
}
