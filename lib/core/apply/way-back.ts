import type { FileSet } from "../dovecot/render";
import { confirm, type Expectation } from "./confirm";
import type { Outcome } from "./outcome";
import { MachineFailure, type MachinePorts } from "./ports";
import { markOf } from "./prepare";

/**
 * After a refused reload, Dovecot's config service is throttled and every further signal doubles the throttle:
 * logins of the whole server hang for 10 s and more (measured, 2.3.19.1 and 2.4.1). So: wait, one signal, look;
 * and wait longer before the next. In milliseconds.
 */
const PAUSES_MS = [5_000, 10_000, 20_000];

export interface WayBack {
  revision: number;
  /** Why the change is given up; a sentence. */
  reason: string;
  good: FileSet;
  /** A mark that counts as the good state besides the good files' own (after a close without a reload). */
  goodLoadedMark: string | undefined;
  /** No reload was refused, so none is throttled: what failed is loaded, or services were only stopped. */
  reloadAtOnce: boolean;
  expectations: readonly Expectation[];
}

/** Puts the last-known-good files back and waits until the daemon is seen to run them. */
export async function goBack(ports: MachinePorts, way: WayBack): Promise<Outcome> {
  const { revision, reason, good } = way;
  ports.report("restore");
  try {
    await ports.journal.write({ revision, direction: "back", reason, files: good });
    await ports.swap(good);
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return {
      kind: "stuck",
      reason,
      wayBack: `The previous files could not be put back: ${error.message}`,
      daemonDown: false,
    };
  }
  const outcome = await waitForGood(ports, way);
  await ports.journal.clear();
  return outcome;
}

async function waitForGood(ports: MachinePorts, way: WayBack): Promise<Outcome> {
  const { reason, good, expectations } = way;
  const goodMark = markOf(good);
  const marks = [goodMark, way.goodLoadedMark].filter((mark) => mark !== undefined);
  if (way.reloadAtOnce) await ports.reload();

  let missing = "";
  for (const pause of [0, ...PAUSES_MS]) {
    if (!(await ports.isRunning())) {
      return { kind: "stuck", reason, wayBack: DAEMON_DOWN, daemonDown: true };
    }
    if (pause > 0) {
      await ports.wait(pause);
      await ports.reload();
    }
    ports.report("confirm");
    const confirmed = await confirm(ports, marks, expectations);
    if (confirmed.ok)
      return { kind: "rolled-back", reason, loadedMark: confirmed.loadedMark, probes: confirmed.probes };
    missing = confirmed.reason;
  }
  return {
    kind: "stuck",
    reason,
    wayBack: `The previous files are in place, and still: ${missing}`,
    daemonDown: false,
  };
}

export const DAEMON_DOWN =
  "Dovecot is not running. The previous files are in place; start Dovecot, then apply again.";
