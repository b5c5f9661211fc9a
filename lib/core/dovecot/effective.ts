import { type Block, listIn } from "./doveconf";

/** A TCP port that a service of Dovecot listens on, or would listen on if its protocol were on. */
export interface Listener {
  /** imap, pop3, lmtp, sieve, submission */
  protocol: string;
  service: string;
  name: string;
  /** As configured: an address, `*` or `::`. */
  address: string;
  port: number;
  /** TLS from the first byte (993, 995). Without it the port may still offer STARTTLS. */
  tls: boolean;
  /** Expects a PROXY header before anything else, so that no greeting can be read without one. */
  haproxy: boolean;
  /** Its protocol is in `protocols`. */
  open: boolean;
}

/** What a configuration tree comes to when every file is read, by Dovecot's own parser. */
export interface EffectiveConfig {
  protocols: string[];
  baseDir: string;
  libexecDir: string;
  /** With `yes`, Dovecot's default, a reload ends every session of the server after six seconds. */
  shutdownClients: boolean;
  listeners: Listener[];
  services: { name: string; protocol: string; executable: string }[];
  /** The sockets that `service stats` declares; the loaded mark is one of them. */
  statsSockets: string[];
}

/** The protocols that are opened and closed here: their ports are watched also while they are closed. */
export const SWITCHED: readonly string[] = ["imap", "pop3"];

/** What to ask `doveconf` for; both versions print these, defaults included. */
export const EFFECTIVE_SETTINGS = [
  "protocols",
  "listen",
  "base_dir",
  "libexec_dir",
  "shutdown_clients",
  "service",
] as const;

/** Reads the answer to `doveconf NAME…`. */
export function effectiveConfig(root: Block): EffectiveConfig {
  const protocols = listIn(root, "protocols");
  const listen = listIn(root, "listen");
  const services = root.blocks
    .filter((block) => block.type === "service")
    .map((block) => ({
      block,
      name: block.name,
      protocol: block.settings.protocol ?? "",
      executable: (block.settings.executable ?? block.name).split(" ")[0] ?? "",
    }));
  return {
    protocols,
    baseDir: root.settings.base_dir ?? "",
    libexecDir: root.settings.libexec_dir ?? "",
    shutdownClients: root.settings.shutdown_clients !== "no",
    listeners: services
      .filter((service) => service.protocol !== "")
      .flatMap((service) => listenersOf(service.block, service.protocol, listen, protocols))
      // Dovecot declares ports for protocols that the server doesn't have; another program may use those.
      .filter(({ open, protocol }) => open || SWITCHED.includes(protocol)),
    services: services.map(({ name, protocol, executable }) => ({ name, protocol, executable })),
    statsSockets: (services.find(({ name }) => name === "stats")?.block.blocks ?? []).map(({ name }) => name),
  };
}

function listenersOf(service: Block, protocol: string, listen: string[], protocols: string[]): Listener[] {
  return service.blocks
    .filter((block) => block.type === "inet_listener")
    .flatMap((block) => {
      const port = Number(block.settings.port ?? 0);
      if (port === 0) return [];
      // 2.3 calls it `address`, 2.4 `listen`.
      const own = words(block.settings.address ?? block.settings.listen);
      return (own.length > 0 ? own : listen).map((address) => ({
        protocol,
        service: service.name,
        name: block.name,
        address,
        port,
        tls: block.settings.ssl === "yes",
        haproxy: block.settings.haproxy === "yes",
        open: protocols.includes(protocol),
      }));
    });
}

function words(value: string | undefined): string[] {
  return (value ?? "").split(/[\s,]+/).filter(Boolean);
}
