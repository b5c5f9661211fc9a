import type { StagedTree } from "@/lib/core/apply/ports";
import type { Listener } from "@/lib/core/dovecot/effective";
import { bindError } from "../bind";
import { listeningPortsOf } from "../processes";

/**
 * Finds the listeners that Dovecot could not open. The daemon's checker looks at none of this, and a `listen`
 * address that the host doesn't have makes the master panic at a reload (measured on 2.3.19.1 and 2.4.1).
 */
export async function unbindable(
  listeners: readonly Listener[],
  master: number | undefined,
): Promise<StagedTree["unbindable"]> {
  const held = master === undefined ? new Set<number>() : await listeningPortsOf(master);
  const verdicts = await Promise.all(
    listeners.map(async (listener) => {
      const address = listener.address === "*" ? "0.0.0.0" : listener.address.replace(/^\[(.*)\]$/, "$1");
      if ((await bindError(address, 0)) === "EADDRNOTAVAIL")
        return { listener, why: "no-such-address" as const };
      // Ports of the running master are in use by right; when its files can't be looked at, all are taken for its own.
      if (!held || held.has(listener.port)) return undefined;
      return (await bindError(address, listener.port)) === "EADDRINUSE"
        ? { listener, why: "taken" as const }
        : undefined;
    }),
  );
  return verdicts.filter((verdict) => verdict !== undefined);
}
