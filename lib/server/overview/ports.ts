import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { ListenerStatus, MailserverStatus } from "../mailserver/status";

/** One protocol as its ports were seen, and who is connected by it. */
export interface ProtocolPorts {
  protocol: Protocol;
  listeners: ListenerStatus[];
  /** Open now; null when the daemon can't be asked. */
  sessions: number | null;
}

export function portsOf({ listeners, sessions }: MailserverStatus): ProtocolPorts[] {
  return PROTOCOLS.map((protocol) => ({
    protocol,
    listeners: listeners.filter((listener) => listener.protocol === protocol),
    sessions: sessions && (sessions[protocol] ?? 0),
  }));
}
