import { isAnyLoaded } from "@/lib/core/apply/prepare";
import { effectiveOf } from "@/lib/system/dovecot/doveconf";
import type { MailNode } from "../node";
import type { RecordedInForce } from "./in-force";
import { listenerStatus, type MailserverStatus, mailVolume } from "./status";

/**
 * The same status with everything seen anew that changes without a file being touched: daemon, ports, volume. Takes no
 * `doveconf`, a tenth of the time. The revisions must be the same as they were; sessions are not counted again.
 */
export async function statusAgain(
  node: MailNode,
  before: MailserverStatus,
  inForce: RecordedInForce | undefined,
): Promise<MailserverStatus> {
  const listeners = before.site ? effectiveOf(before.site.config).listeners : (inForce?.listeners ?? []);
  const [running, sightings, isLoaded, volume] = await Promise.all([
    node.ports.isRunning(),
    node.ports.look(listeners),
    isAnyLoaded(node.ports, inForce ? [inForce.mark, inForce.loadedMark] : []),
    before.site ? mailVolume(node, before.site.config) : null,
  ]);
  return {
    ...before,
    checkedAt: new Date(),
    dovecot: { ...before.dovecot, running },
    loaded: isLoaded && inForce?.revision === before.wanted.number,
    settled: isLoaded && before.files === "as-applied",
    listeners: listeners.map((listener, index) =>
      listenerStatus(listener, sightings[index], before.wanted.values),
    ),
    volume,
  };
}
