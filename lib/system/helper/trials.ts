import type { MachinePorts } from "@/lib/core/apply/ports";
import { type SettingsValues, settingKeys } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import type { Wanted } from "@/lib/core/settings/setting";
import type { HeldTrial } from "./record";

/** Nothing is due while a change is being applied, whose way back may take a minute. */
export const APPLYING_MS = 180_000;
/** The panel goes first: what it takes back itself stands in its history at once. */
const GRACE_MS = 3000;
/** How long until another try, where going back was refused. */
const AGAIN_MS = 30_000;

/** When trials are due. From the first look on it goes by a clock that never jumps; nobody gets more than was agreed. */
export class TrialClock {
  private readonly due = new Map<number, { deadline: number; at: number }>();

  constructor(private readonly now: MachinePorts["now"]) {}

  firstDue(trials: readonly HeldTrial[]): HeldTrial | undefined {
    return trials.find(({ revision, seconds, deadline }) => {
      let due = this.due.get(revision);
      // Its time begins anew once it is in force.
      if (due?.deadline !== deadline) {
        const left = Math.min(Math.max(0, deadline - Date.now()), seconds * 1000 + APPLYING_MS);
        due = { deadline, at: this.now() + left + GRACE_MS };
        this.due.set(revision, due);
      }
      return this.now() >= due.at;
    });
  }

  again({ revision, deadline }: HeldTrial): void {
    this.due.set(revision, { deadline, at: this.now() + AGAIN_MS });
  }

  forget(revision: number): void {
    this.due.delete(revision);
  }
}

/** The settings as they are now, without what a trial changed and nobody changed since. */
export function withoutTrial(now: SettingsValues, { before, made }: HeldTrial): SettingsValues {
  const back: Record<string, Wanted> = {};
  for (const key of settingKeys)
    if (!sameWanted(before[key], made[key]) && sameWanted(now[key], made[key])) back[key] = before[key];
  return { ...now, ...back };
}
