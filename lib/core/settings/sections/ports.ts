import type { Place } from "../../dovecot/config";
import type { SiteFacts } from "../../dovecot/target";
import { place } from "../kinds/spec";
import type { Rule, Values } from "../setting";

const PORTS = {
  imap_port: { service: "imap-login", listener: "imap", tlsOnly: "imap_tls_only", words: "the IMAP port" },
  imaps_port: { service: "imap-login", listener: "imaps", tlsOnly: "", words: "the IMAP port with TLS" },
  pop3_port: { service: "pop3-login", listener: "pop3", tlsOnly: "pop3_tls_only", words: "the POP3 port" },
  pop3s_port: { service: "pop3-login", listener: "pop3s", tlsOnly: "", words: "the POP3 port with TLS" },
} as const;

export type PortKey = keyof typeof PORTS;

const KEYS = Object.keys(PORTS) as PortKey[];

export function portPlace(key: PortKey): Place {
  const { service, listener } = PORTS[key];
  return place("port", ["service", service], ["inet_listener", listener]);
}

/** Two listeners on one port: Dovecot's checker refuses it without saying which. */
export function portCollision(key: PortKey): Rule {
  return {
    severity: "error",
    with: KEYS,
    check(values, { site }) {
      const port = values[key];
      if (typeof port !== "number" || portOf(key, values, site) === undefined) return undefined;
      const other = KEYS.find((one) => one !== key && portOf(one, values, site) === port);
      if (other) return `is ${port}, and so is ${PORTS[other].words}: each needs one of its own`;
      const foreign = site.ports.find((one) => one.port === port && !isOurs(one));
      return foreign ? `is ${port}, which ${foreign.service} (${foreign.listener}) listens on` : undefined;
    },
  };
}

/** "TLS only: off" can't open a port that the server's own files close. */
export function noCleartextPort(key: string, portKey: PortKey): Rule {
  return {
    severity: "error",
    with: [portKey],
    check: (values, { site }) =>
      values[key] === false && portOf(portKey, values, site) === undefined
        ? "can't be off: the server's own files close the port without TLS; say below which port to open"
        : undefined,
  };
}

/** The port that a listener comes to; undefined where it is closed. */
function portOf(key: PortKey, values: Values, site: SiteFacts): number | undefined {
  const { service, listener, tlsOnly } = PORTS[key];
  if (values[tlsOnly] === true) return undefined;
  const set = values[key];
  if (typeof set === "number") return set;
  return site.ports.find((one) => one.service === service && one.listener === listener)?.port;
}

function isOurs({ service, listener }: SiteFacts["ports"][number]): boolean {
  return KEYS.some((key) => PORTS[key].service === service && PORTS[key].listener === listener);
}
