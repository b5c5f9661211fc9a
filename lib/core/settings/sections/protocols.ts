import { valueAt } from "../../dovecot/config";
import { addresses } from "../kinds/addresses";
import { integer } from "../kinds/number";
import { place, set } from "../kinds/spec";
import { protocolSwitch, switchSetting } from "../kinds/switch";
import { section } from "../setting";
import { noCleartextPort, type PortKey, portCollision, portPlace } from "./ports";

export const protocols = section({
  key: "protocols",
  label: "Protocols and listeners",
  settings: [
    protocolSwitch({
      key: "imap",
      label: "IMAP",
      help: "Keeps mail on the server, so that every device sees the same. It needs a connection to read and disk space to keep.",
      default: true,
      risk: { level: "high", sentence: "Closed, everybody who reads with it is shut out at once." },
    }),
    protocolSwitch({
      key: "pop3",
      label: "POP3",
      help: "Takes mail away to one device and usually deletes it here. It saves disk space, and the mail is then only as safe as that device.",
      default: true,
      risk: { level: "high", sentence: "Closed, everybody who reads with it is shut out at once." },
    }),
    tlsOnly("imap_tls_only", "imap_port", "IMAP on TLS Ports Only"),
    tlsOnly("pop3_tls_only", "pop3_port", "POP3 on TLS Ports Only"),
    port("imap_port", "IMAP Port", 143, "Begins without encryption and offers STARTTLS."),
    port("imaps_port", "IMAP Port with TLS", 993, "TLS from the first byte."),
    port("pop3_port", "POP3 Port", 110, "Begins without encryption and offers STARTTLS."),
    port("pop3s_port", "POP3 Port with TLS", 995, "TLS from the first byte."),
    addresses({
      key: "listen_addresses",
      label: "Listen on These Addresses Only",
      help: "IP addresses of this host, with commas between. What has no address of its own listens there too, LMTP over TCP for instance.",
      default: null,
      dovecotDefault: "all",
      range: { min: 1, max: 32 },
      risk: { level: "high", sentence: "Nobody reaches the server by an address that is left out." },
      at: place("listen"),
    }),
    switchSetting({
      key: "keep_sessions",
      label: "Keep Sessions Across a Reload",
      help: "Off, any reload ends every open session six seconds later. On, they go on with the settings they began with until they end by themselves.",
      default: false,
      risk: {
        level: "low",
        sentence:
          "On, a stricter setting doesn't reach people who stay connected, and a stopped Dovecot lets them finish.",
      },
      written: { on: "no", off: "yes" },
      at: place("shutdown_clients"),
    }),
    switchSetting({
      key: "ipv6",
      label: "IPv6 Enabled",
      help: "On, Dovecot listens on every IPv4 and IPv6 address of the host; off, on IPv4 only.",
      default: null,
      dovecotDefault: "on",
      risk: {
        level: "high",
        sentence: "Off, people who come by IPv6 can't connect. Either way every IPv4 address is opened.",
      },
      idle: {
        when: (values) => values.listen_addresses !== null,
        why: "The addresses to listen on are set one by one.",
      },
      at: place("listen"),
      render: (on) => [set(place("listen"), on ? "*, ::" : "*")],
      read(tree) {
        const listen = (valueAt(tree, place("listen")) ?? "").split(/[\s,]+/);
        if (!listen.includes("*")) return undefined;
        return listen.includes("::") || listen.includes("[::]");
      },
    }),
  ],
});

function port<const Key extends PortKey>(key: Key, label: string, usual: number, help: string) {
  const switchKey = key === "imap_port" ? "imap_tls_only" : key === "pop3_port" ? "pop3_tls_only" : undefined;
  return integer({
    key,
    label,
    help,
    unit: null,
    default: null,
    dovecotDefault: String(usual),
    range: { min: 1, max: 65_535 },
    risk: { level: "high", sentence: "Mail programs that are set up with the old port stop working." },
    rules: [portCollision(key)],
    ...(switchKey
      ? { idle: { when: (values) => values[switchKey] === true, why: "It is closed: TLS ports only." } }
      : {}),
    protocols: [key.slice(0, 4)],
    at: portPlace(key),
  });
}

function tlsOnly<const Key extends string>(key: Key, portKey: PortKey, label: string) {
  return switchSetting({
    key,
    label,
    help: "Closes the port that begins without encryption, and with it STARTTLS. Mail programs then need the one for TLS.",
    default: false,
    risk: {
      level: "high",
      sentence: "Mail programs that are set up with the port without TLS stop working.",
    },
    rules: [noCleartextPort(key, portKey)],
    protocols: [key.slice(0, 4)],
    at: portPlace(portKey),
    // Off is no line of its own: the port has the number that is set below, or the server's own.
    render: (on) => (on ? [set(portPlace(portKey), 0)] : []),
    read(tree) {
      const raw = valueAt(tree, portPlace(portKey));
      return raw === undefined ? undefined : raw === "0";
    },
  });
}
