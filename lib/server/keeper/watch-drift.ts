import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { fileStates } from "@/lib/system/dovecot/file-states";
import { configFiles } from "@/lib/system/dovecot/include-tree";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { LockTimeout, withLock } from "@/lib/system/lock";
import { lookForDrift } from "../drift/look";
import { readInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";

/** A thorough look although nothing was touched: for certificates that come to their end, and ports. */
const THOROUGH_MS = 10 * 60_000;

/**
 * Notices within seconds what somebody changes besides Portcullis. Each time it follows the configuration's
 * includes, takes a `stat` of every file and makes one `connect()`, a few milliseconds; only where that tells of a change does it
 * run `doveconf` and look at the ports.
 */
export class DriftWatch {
  private seen = "";
  private thoroughAt = -Infinity;

  constructor(private readonly node: MailNode) {}

  async look(): Promise<void> {
    const print = await this.print();
    if (print === this.seen && performance.now() - this.thoroughAt < THOROUGH_MS) return;
    try {
      // A change that is being applied is no drift. Nobody is kept waiting for this: it is tried again.
      const lock = { who: "Portcullis (keeper)", why: "looking for drift", waitMs: 0 };
      await withLock(this.node.home.lock, lock, () => lookForDrift(this.node));
    } catch (error) {
      if (error instanceof LockTimeout) return;
      throw error;
    }
    this.seen = print;
    this.thoroughAt = performance.now();
  }

  private async print(): Promise<string> {
    const { node } = this;
    const inForce = await readInForce(node);
    if (!inForce) return "";
    const folder = generatedDir(node.instance);
    const files = [
      ...(await configFiles(node.instance)),
      ...Object.keys(inForce.fileDigests).map((name) => join(folder, name)),
    ];
    const states = await fileStates(node.instance, files);
    // The map changes with every rule: only whether it is there.
    const [map] = await fileStates(node.instance, [join(folder, ACCESS_MAP)]);
    const load = (await node.ports.loadOf(inForce.mark)) ?? (await node.ports.loadOf(inForce.loadedMark));
    return [
      ...states.map(({ print }) => print),
      map?.state,
      await node.ports.isRunning(),
      load,
      inForce.revision,
      inForce.loadedMark,
    ].join("\n");
  }
}
