import type { ClientConfig, IncomingServer, OutgoingServer, Proof } from "./told";
import { type Element, element, xmlDocument } from "./xml";

type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

const DOCTYPE =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">';

const PROOFS: Readonly<Record<Proof, string>> = {
  cleartext: "EmailAuthPassword",
  encrypted: "EmailAuthCRAMMD5",
};

/** An Apple profile names exactly one server for each direction, and can't do without the outgoing one. */
export interface ProfileFacts {
  config: ClientConfig & { outgoing: OutgoingServer };
  /** An account's own. Without it the device asks for address and name. */
  address: string | null;
  /** A UUID (RFC 9562) made from a text, always the same: a profile that is installed again replaces itself. */
  uuid: (text: string) => string;
}

/** A configuration profile with one mail account (Apple's payload com.apple.mail.managed), not signed yet. */
export function appleProfile({ config, address, uuid }: ProfileFacts): string {
  const { domain, provider, incoming, outgoing } = config;
  const [server] = incoming;
  if (!server) throw new Error("A configuration without a server is not told.");
  const identity = `${domain} ${address ?? ""}`;
  const identifier = `portcullis.mail.${uuid(identity)}`;
  const mail = {
    ...mailAccount(server, outgoing, address),
    EmailAccountDescription: provider,
    PayloadType: "com.apple.mail.managed",
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.account`,
    PayloadUUID: uuid(`account ${identity}`),
    PayloadDisplayName: provider,
  };
  return xmlDocument(
    element(
      "plist",
      [
        plain({
          PayloadContent: [mail],
          PayloadType: "Configuration",
          PayloadVersion: 1,
          PayloadIdentifier: identifier,
          PayloadUUID: uuid(`profile ${identity}`),
          PayloadDisplayName: `Mail of ${address ?? domain}`,
          PayloadOrganization: provider,
          PayloadRemovalDisallowed: false,
        }),
      ],
      { version: "1.0" },
    ),
    DOCTYPE,
  );
}

function mailAccount(server: IncomingServer, outgoing: OutgoingServer, address: string | null) {
  return {
    ...(address === null
      ? {}
      : {
          EmailAddress: address,
          IncomingMailServerUsername: address,
          OutgoingMailServerUsername: address,
        }),
    EmailAccountType: server.protocol === "imap" ? "EmailTypeIMAP" : "EmailTypePOP",
    IncomingMailServerAuthentication: PROOFS[server.proof],
    IncomingMailServerHostName: server.host,
    IncomingMailServerPortNumber: server.port,
    // For STARTTLS as well: the port tells which of both.
    IncomingMailServerUseSSL: server.security !== "none",
    OutgoingMailServerAuthentication: "EmailAuthPassword",
    OutgoingMailServerHostName: outgoing.host,
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: outgoing.security !== "none",
    OutgoingPasswordSameAsIncomingPassword: true,
  };
}

function plain(value: Plain): Element {
  if (typeof value === "string") return element("string", value);
  if (typeof value === "number") return element("integer", value);
  if (typeof value === "boolean") return element(value ? "true" : "false");
  if (isList(value)) return element("array", value.map(plain));
  return element(
    "dict",
    Object.entries(value).flatMap(([key, one]) => [element("key", key), plain(one)]),
  );
}

function isList(value: readonly Plain[] | { readonly [key: string]: Plain }): value is readonly Plain[] {
  return Array.isArray(value);
}
