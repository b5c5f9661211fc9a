import type { FileSet } from "../dovecot/render";
import type { Outcome } from "./outcome";
import { type MachinePorts, unlessMachineFails } from "./ports";
import { isAnyLoaded, markOf, sameFiles } from "./prepare";
import { DAEMON_DOWN, goBack } from "./way-back";

export type Restored =
  /** Nothing is kept yet, or Dovecot refuses what is kept: nothing was touched. */
  | { kind: "rejected"; problems: string[] }
  /** The files are these already, and the daemon runs them. */
  | { kind: "unchanged" }
  /** Without `outcome` it was only looked at. */
  | { kind: "files"; live: FileSet; good: FileSet; outcome?: Outcome };

/**
 * Puts the last files back that Dovecot was seen to work with: checked first, confirmed afterwards. Call it under the apply
 * lock. What it goes by lies beside the live files.
 */
export async function restore(ports: MachinePorts, dryRun: boolean): Promise<Restored> {
  const good = await ports.readGood();
  if (!good) return { kind: "rejected", problems: ["No last known good files are kept yet."] };
  // Whatever an edit made of it, also unreadable.
  const live = await ports.readLive().catch(unlessMachineFails);
  const mark = markOf(good);
  if (sameFiles(live, good) && mark && (await isAnyLoaded(ports, [mark]))) return { kind: "unchanged" };
  ports.report("stage");
  const staged = await ports.stage(good);
  ports.report("check");
  if (staged.complaints.length > 0) return { kind: "rejected", problems: staged.complaints };
  const files = { kind: "files", live: live ?? {}, good } as const;
  if (dryRun) return files;
  if (!(await ports.isRunning())) {
    await ports.swap(good);
    const outcome = {
      kind: "stuck",
      reason: "The files were put back.",
      wayBack: DAEMON_DOWN,
      daemonDown: true,
    } as const;
    return { ...files, outcome };
  }
  const outcome = await goBack(ports, {
    revision: 0,
    reason: "restored by hand",
    good,
    stillLoaded: undefined,
    reloadAtOnce: true,
    seenBefore: [],
  });
  return { ...files, outcome };
}
