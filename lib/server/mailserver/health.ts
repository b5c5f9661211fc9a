import type { MailserverStatus } from "./status";

export interface MailHealth {
  /** Dovecot runs and every port that should answer does. */
  up: boolean;
  /** Why not: sentences. */
  reasons: string[];
  protocols: Record<string, "answers" | "closed" | "failing">;
}

/** Whether people can read mail, as it was seen. That something is open which should be closed doesn't count here. */
export function mailHealth({ dovecot, listeners, listenersKnown }: MailserverStatus): MailHealth {
  const silent = listeners.filter(({ wanted, seen }) => wanted === "open" && seen !== "open");
  const reasons = [
    ...(dovecot.running ? [] : ["Dovecot is not running."]),
    ...(listenersKnown ? [] : ["Which ports Dovecot listens on is not known."]),
    ...silent.map(
      ({ protocol, address, port }) =>
        `${protocol.toUpperCase()} on ${address} port ${port} does not answer.`,
    ),
  ];
  const protocols: MailHealth["protocols"] = {};
  for (const protocol of new Set(listeners.map((listener) => listener.protocol))) {
    const ports = listeners.filter((listener) => listener.protocol === protocol);
    const isFailing = silent.some((listener) => listener.protocol === protocol);
    const isOpen = ports.some(({ seen }) => seen === "open");
    protocols[protocol] = isFailing ? "failing" : isOpen ? "answers" : "closed";
  }
  return { up: reasons.length === 0, reasons, protocols };
}
