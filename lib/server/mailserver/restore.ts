import type { Outcome } from "@/lib/core/apply/outcome";
import { type MachinePorts, unlessMachineFails } from "@/lib/core/apply/ports";
import { isAnyLoaded, markOf, sameFiles } from "@/lib/core/apply/prepare";
import { DAEMON_DOWN, goBack } from "@/lib/core/apply/way-back";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { withLock } from "@/lib/system/lock";
import type { Home } from "../home";
import { readDescription } from "../node";
import { differenceBetween } from "./file-difference";

/** A way back may take half a minute. */
const LOCK_WAIT_MS = 90_000;

export type Restored =
  /** Nothing is kept yet, or Dovecot refuses what is kept: nothing was touched. */
  | { kind: "rejected"; problems: string[] }
  /** The files are these already, and the daemon runs them. */
  | { kind: "unchanged" }
  /** Without `outcome` it was only looked at. */
  | { kind: "files"; diff: string; outcome?: Outcome };

/**
 * Puts the last files back that Dovecot was seen to work with: checked first, confirmed afterwards. Needs no database:
 * what it goes by lies beside the live files. `who` is told to those who wait meanwhile.
 */
export async function restoreGood(
  home: Home,
  { who, dryRun, report }: { who: string; dryRun: boolean; report: MachinePorts["report"] },
): Promise<Restored> {
  const { instance } = await readDescription(home);
  const ports = machinePorts({ instance, journalPath: home.journal, report });
  const lock = { who, why: "restoring the last known good files", waitMs: LOCK_WAIT_MS };
  return await withLock(home.lock, lock, async () => {
    const good = await ports.readGood();
    if (!good) return { kind: "rejected", problems: ["No last known good files are kept yet."] };
    // Whatever an edit made of it, also unreadable.
    const live = await ports.readLive().catch(unlessMachineFails);
    const mark = markOf(good);
    if (sameFiles(live, good) && mark && (await isAnyLoaded(ports, [mark]))) return { kind: "unchanged" };
    report("stage");
    const staged = await ports.stage(good);
    report("check");
    if (staged.complaints.length > 0) return { kind: "rejected", problems: staged.complaints };
    const diff = differenceBetween(live ?? {}, good, "live", "last-known-good");
    if (dryRun) return { kind: "files", diff };
    if (!(await ports.isRunning())) {
      await ports.swap(good);
      const outcome = {
        kind: "stuck",
        reason: "The files were put back.",
        wayBack: DAEMON_DOWN,
        daemonDown: true,
      } as const;
      return { kind: "files", diff, outcome };
    }
    const outcome = await goBack(ports, {
      revision: 0,
      reason: "restored by hand",
      good,
      stillLoaded: undefined,
      reloadAtOnce: true,
      seenBefore: [],
    });
    return { kind: "files", diff, outcome };
  });
}
