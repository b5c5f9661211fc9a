import { expectationsFor } from "./confirm";
import type { Outcome } from "./outcome";
import type { MachinePorts } from "./ports";
import { markOf, sameFiles } from "./prepare";
import { DAEMON_DOWN, goBack } from "./way-back";

export interface Recovery {
  revision: number;
  /** Set where the interrupted run had been judged failed: its way back was finished, and this is its end. */
  outcome?: Outcome;
}

/**
 * Deals with a run that was cut off (a crash, a kill), before anything else is applied. Afterwards the live files
 * are whole: either the interrupted revision's or the last-known-good ones. Call it under the apply lock.
 */
export async function recover(ports: MachinePorts): Promise<Recovery | undefined> {
  const entry = await ports.journal.read();
  if (!entry) return undefined;
  const live = await ports.readLive();
  const good = await ports.readGood();
  const { revision } = entry;

  if (entry.direction === "back") {
    if (!(await ports.isRunning())) {
      if (!sameFiles(live, entry.files)) await ports.swap(entry.files);
      await ports.journal.clear();
      return {
        revision,
        outcome: { kind: "stuck", reason: entry.reason, wayBack: DAEMON_DOWN, daemonDown: true },
      };
    }
    const { effective } = await ports.stage(entry.files);
    const outcome = await goBack(ports, {
      revision,
      reason: entry.reason,
      good: entry.files,
      goodLoadedMark: undefined,
      reloadAtOnce:
        live !== undefined && !sameFiles(live, entry.files) && (await ports.isLoaded(markOf(live) ?? "")),
      expectations: expectationsFor(effective?.listeners ?? []),
    });
    return { revision, outcome };
  }

  // Cut off between the renames of two files, or before the first: only whole sets may stay.
  if (good && !sameFiles(live, entry.files) && !sameFiles(live, good)) await ports.swap(good);
  await ports.journal.clear();
  return { revision };
}
