import type { Outcome } from "./outcome";
import type { MachinePorts } from "./ports";
import { isAnyLoaded, markOf, sameFiles } from "./prepare";
import { goBack } from "./way-back";

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
  const { revision, reason } = entry;

  if (entry.direction === "back") {
    if (!(await ports.isRunning())) {
      // It will load these files when it starts; the failed revision is not tried again by itself.
      if (!sameFiles(live, entry.files)) await ports.swap(entry.files);
      await ports.journal.clear();
      return {
        revision,
        outcome: { kind: "rolled-back", reason, loadedMark: markOf(entry.files) ?? "", probes: [] },
      };
    }
    const failedIsLoaded =
      live !== undefined && !sameFiles(live, entry.files) && (await isAnyLoaded(ports, [markOf(live) ?? ""]));
    const outcome = await goBack(ports, {
      revision,
      reason,
      good: entry.files,
      // What was loaded when the run was cut off is not known: only a load from now on proves anything.
      stillLoaded: undefined,
      reloadAtOnce: failedIsLoaded || sameFiles(live, entry.files),
      seenBefore: [],
    });
    return { revision, outcome };
  }

  // Cut off between the renames of two files, or before the first: only whole sets may stay.
  const good = await ports.readGood();
  if (good && !sameFiles(live, entry.files) && !sameFiles(live, good)) await ports.swap(good);
  await ports.journal.clear();
  return { revision };
}
