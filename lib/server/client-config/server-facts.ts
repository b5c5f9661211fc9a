import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Door, LoginFacts } from "@/lib/core/client-config/told";
import { type ConfigTree, valueAt } from "@/lib/core/dovecot/config";
import { effectiveConfig } from "@/lib/core/dovecot/effective";
import type { Family } from "@/lib/core/dovecot/version";
import { settingOf } from "@/lib/core/settings/catalogue";
import { certificateNames } from "@/lib/system/tls/certificate";
import { certificateFiles } from "@/lib/system/tls/examine";
import type { MailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";

/** What the mail server is like now for whoever wants to connect: the same for every domain. */
export interface ServerFacts {
  doors: readonly Door[];
  login: Readonly<Record<Protocol, LoginFacts>>;
  /** DNS names of its certificate; null where that can't be read. */
  certificateNames: readonly string[] | null;
}

/** Undefined while the server's configuration can't be read: nothing is known then, and nothing can be told. */
export async function serverFacts(
  node: MailNode,
  { site, listeners }: MailserverStatus,
): Promise<ServerFacts | undefined> {
  if (!site) return undefined;
  const proxied = effectiveConfig(site.config.asked).listeners.filter(({ haproxy }) => haproxy);
  const files = certificateFiles(site.config);
  const names = files && (await certificateNames(node.instance, files.certificate));
  return {
    doors: listeners.map(({ protocol, address, port, tls, wanted, seen }) => ({
      protocol,
      address,
      port,
      tls,
      haproxy: proxied.some((one) => one.port === port && one.address === address),
      wanted,
      seen,
    })),
    login: Object.fromEntries(
      PROTOCOLS.map((protocol) => [protocol, loginFacts(protocol, site.config, site.family)]),
    ) as ServerFacts["login"],
    certificateNames: names ?? null,
  };
}

function loginFacts(protocol: Protocol, config: ConfigTree, family: Family): LoginFacts {
  const value = (name: string) => valueAt(config, { block: [["protocol", protocol]], name }) ?? "";
  // Asked for by nobody else, so only what the files say is known; Dovecot's own default is plain.
  const mechanisms = config.changed.settings.auth_mechanisms ?? "plain";
  return {
    tlsOn: value("ssl") !== "no",
    cleartextAllowed:
      value("ssl") !== "required" && settingOf("plaintext_auth").read(config, family) === true,
    mechanisms: mechanisms.toLowerCase().split(/\s+/),
  };
}
