import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { readInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";

/** The protocols that are in force as closed, and whose every known port refuses connections, looked at now. */
export async function closedPorts(node: MailNode): Promise<Set<Protocol>> {
  const inForce = await readInForce(node);
  const off = PROTOCOLS.filter((protocol) => inForce && !inForce.values[protocol]);
  const listeners = (inForce?.listeners ?? []).filter(({ protocol }) => off.some((one) => one === protocol));
  if (listeners.length === 0) return new Set();
  const sightings = await node.ports.look(listeners);
  return new Set(
    off.filter((protocol) =>
      listeners.every(
        (listener, index) => listener.protocol !== protocol || sightings[index]?.state === "closed",
      ),
    ),
  );
}
