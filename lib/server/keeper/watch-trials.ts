import { performance } from "node:perf_hooks";
import { unlessMachineFails } from "@/lib/core/apply/ports";
import { clearAlarm, raiseAlarm } from "../alarms";
import { revertTrial } from "../mailserver/revert";
import { isTakenBack, unendedTrials } from "../mailserver/trials";
import type { MailNode } from "../node";

/** How long until another try, where going back was refused. */
const AGAIN_MS = 30_000;

/**
 * Puts back what nobody confirmed in time, also when the browser is gone or the panel was restarted meanwhile. From its
 * first look on it goes by a clock that never jumps; nobody gets more than the seconds that were agreed.
 */
export class TrialWatch {
  private readonly due = new Map<number, { deadline: number; at: number; takenBack?: boolean }>();

  constructor(private readonly node: MailNode) {}

  async look(): Promise<void> {
    const trials = await unendedTrials(this.node.db);
    for (const revision of this.due.keys())
      if (!trials.some((trial) => trial.revision === revision)) this.due.delete(revision);
    for (const { revision, seconds, deadline } of trials) {
      const known = this.due.get(revision);
      // Its time begins anew once it is in force.
      if (known?.deadline !== deadline.getTime()) {
        const left = Math.min(Math.max(0, deadline.getTime() - Date.now()), seconds * 1000);
        this.due.set(revision, { deadline: deadline.getTime(), at: performance.now() + left });
      }
      const due = this.due.get(revision);
      if (due && !due.takenBack && (await this.isTakenBack(revision))) {
        due.takenBack = true;
        due.at = performance.now();
      }
      if (due && performance.now() >= due.at) await this.revert(revision, due);
    }
  }

  /** A helper that can't be asked now is asked again at the next look. */
  private async isTakenBack(revision: number): Promise<boolean> {
    return (await isTakenBack(this.node, revision).catch(unlessMachineFails)) ?? false;
  }

  private async revert(revision: number, due: { at: number }): Promise<void> {
    const trouble = await revertTrial(this.node, revision, { name: "Portcullis", origin: "keeper" });
    const alarm = `trial-${revision}`;
    if (trouble === undefined) return await clearAlarm(this.node.db, alarm);
    due.at = performance.now() + AGAIN_MS;
    await raiseAlarm(
      this.node.db,
      alarm,
      `Revision ${revision} was not confirmed and could not be taken back: ${trouble}`,
    );
  }
}
