import { blockAt, type ConfigTree } from "./config";
import type { Family } from "./version";

/** What the renderer must know of the server it writes for, besides the settings. */
export interface RenderTarget {
  family: Family;
  /**
   * The protocols that the server's own configuration enables and that are not ours to switch (lmtp, sieve,
   * submission), in its order. Dovecot 2.3 can't take one name out of `protocols`: the whole list is written.
   */
  otherProtocols: readonly string[];
  site: SiteFacts;
  /** Where the generated files lie, as Dovecot sees it. Without it only the settings are written, not the access lookup. */
  folder?: string;
}

/** What the server's own files say, with the generated one left out. */
export interface SiteFacts {
  /** As whom Dovecot runs what needs no privilege; hibernation hands sessions over as this user. */
  internalUser: string;
  /** The namespace with the inbox. Undefined: it has no name, so nothing can be added to it from another file. */
  inbox: { namespace: string; prefix: string } | undefined;
  /** 2.3 only: the names of the quota rules there are, `quota_rule`, `quota_rule2`, … */
  quotaRules: readonly string[];
  /** Protocols with a `mail_plugins` of their own: what is added for all doesn't reach them. */
  pluginProtocols: readonly string[];
  /** What a line about a sign-in says; empty where it isn't known, and then it is Dovecot's own. */
  loginElements: string;
  /** `ssl = required` */
  tlsRequired: boolean;
  /** TCP ports by service and listener, those of protocols that are off included. */
  ports: readonly { service: string; listener: string; port: number }[];
  /** How many processes each service may have, and how many it keeps waiting. */
  processes: Readonly<Record<string, { limit: number; spare: number }>>;
}

/** A server whose files say nothing: Dovecot's own defaults. */
export const PLAIN_SITE: SiteFacts = {
  internalUser: "dovecot",
  inbox: { namespace: "inbox", prefix: "" },
  quotaRules: [],
  pluginProtocols: [],
  loginElements: "",
  tlsRequired: false,
  ports: [
    { service: "imap-login", listener: "imap", port: 143 },
    { service: "imap-login", listener: "imaps", port: 993 },
    { service: "pop3-login", listener: "pop3", port: 110 },
    { service: "pop3-login", listener: "pop3s", port: 995 },
  ],
  processes: {},
};

/** What to ask `doveconf` for in order to know them. */
export const SITE_SETTINGS = [
  "default_internal_user",
  "default_process_limit",
  "login_log_format_elements",
  "mail_plugins",
  "namespace",
  "plugin",
  "service",
  "ssl",
] as const;

export function siteFacts(tree: ConfigTree): SiteFacts {
  const services = tree.asked.blocks.filter(({ type }) => type === "service");
  const usual = Number(tree.asked.settings.default_process_limit ?? 100);
  const plugin = blockAt(tree.asked, [["plugin"]])?.settings ?? {};
  return {
    internalUser: tree.asked.settings.default_internal_user || PLAIN_SITE.internalUser,
    inbox: inboxOf(tree),
    quotaRules: Object.keys(plugin).filter((name) => /^quota_rule\d*$/.test(name)),
    pluginProtocols: tree.changed.blocks
      .filter(({ type, settings, blocks }) => {
        const own = settings.mail_plugins !== undefined || blocks.some((one) => one.type === "mail_plugins");
        return type === "protocol" && own;
      })
      .map(({ name }) => name)
      .toSorted(),
    loginElements: tree.asked.settings.login_log_format_elements ?? "",
    tlsRequired: tree.asked.settings.ssl === "required",
    ports: services
      .flatMap(({ name: service, blocks }) =>
        blocks
          .filter(({ type }) => type === "inet_listener")
          .map(({ name: listener, settings }) => ({ service, listener, port: Number(settings.port ?? 0) })),
      )
      .filter(({ port }) => port > 0),
    processes: Object.fromEntries(
      services.map(({ name, settings }) => [
        name,
        // 0 stands for the usual limit.
        {
          limit: Number(settings.process_limit ?? 0) || usual,
          spare: Number(settings.process_min_avail ?? 0),
        },
      ]),
    ),
  };
}

/** Without any namespace Dovecot makes one; one that is written must say that it holds the inbox. */
function inboxOf(tree: ConfigTree): SiteFacts["inbox"] {
  const namespaces = tree.asked.blocks.filter(({ type }) => type === "namespace");
  if (namespaces.length === 0) return PLAIN_SITE.inbox;
  const found = namespaces.find(({ settings }) => settings.inbox === "yes");
  return found && found.name !== ""
    ? { namespace: found.name, prefix: found.settings.prefix ?? "" }
    : undefined;
}
