import { randomBytes } from "node:crypto";
import { commit } from "@/lib/core/apply/commit";
import type { Outcome } from "@/lib/core/apply/outcome";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { digestsOf, hasDigests, type Prepared, prepare } from "@/lib/core/apply/prepare";
import { type Recovery, recover } from "@/lib/core/apply/recover";
import { type Restored, restore } from "@/lib/core/apply/restore";
import type { HelperAnswers, RequestFor } from "@/lib/core/helper/replies";
import { type SettingsValues, settingKeys } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import type { Wanted } from "@/lib/core/settings/setting";
import {
  type HeldTrial,
  type HelperRecord,
  inForceAfter,
  MOST_TAKEN_BACK,
  readRecord,
  writeRecord,
} from "./record";

/** What was checked last, and may be committed once, unless something else was done since. */
interface Held {
  ticket: string;
  prepared: Prepared;
  values: SettingsValues;
}

/** A preparation is not good for longer: the server's own files may be others by then. */
const TICKET_MS = 60_000;
/** Nothing is due while a change is being applied, whose way back may take a minute. */
const APPLYING_MS = 180_000;
/** The panel takes back first what it can, so that its history has it. */
const GRACE_MS = 3000;
const AGAIN_MS = 30_000;
/** More at once are never asked for by people. */
const MOST_TRIALS = 20;

/** Runs of the engine, with what the helper remembers between them. Call one at a time. */
export class Runs {
  private held: Held | undefined;
  private recovered: Recovery | undefined;
  private readonly due = new Map<number, { deadline: number; at: number }>();

  private constructor(
    private readonly ports: MachinePorts,
    private readonly path: string,
    private record: HelperRecord,
    private readonly log: (sentence: string) => void,
  ) {}

  /** Finishes or undoes what a crash cut off. */
  static async start(ports: MachinePorts, path: string, log: (sentence: string) => void): Promise<Runs> {
    const runs = new Runs(ports, path, await readRecord(path), log);
    runs.recovered = await recover(ports);
    if (runs.recovered) log(`mended a change to revision ${runs.recovered.revision} that was cut off`);
    return runs;
  }

  async prepare(
    report: MachinePorts["report"],
    { values, touched }: RequestFor<"prepare">,
  ): Promise<HelperAnswers["prepare"]> {
    const preparation = await prepare(
      { ...this.ports, report },
      values,
      this.record.inForce,
      new Set<string>(touched),
    );
    const ticket = randomBytes(16).toString("hex");
    this.held = preparation.ok ? { ticket, prepared: preparation.prepared, values } : undefined;
    const { held } = this;
    setTimeout(() => {
      if (this.held === held) this.held = undefined;
    }, TICKET_MS).unref();
    return { preparation, ticket };
  }

  async commit(report: MachinePorts["report"], asked: RequestFor<"commit">): Promise<Outcome> {
    const { held } = this;
    this.held = undefined;
    if (held?.ticket !== asked.ticket) return rejected(STALE);
    const { revision, replaceEdited } = asked;
    if (asked.trial !== null) {
      const refused = await this.begin(held, revision, asked.trial);
      if (refused) return rejected(refused);
    }
    const outcome = await this.run(report, held, { revision, replaceEdited });
    if (asked.trial !== null) {
      const stands = outcome.kind === "applied" || outcome.kind === "unchanged";
      if (!stands) await this.end(revision);
      else await this.startTime(revision);
    }
    this.log(
      `revision ${revision}: ${outcome.kind}${asked.trial === null ? "" : `, on trial for ${asked.trial} s`}`,
    );
    return outcome;
  }

  /** Somebody says that mail still works. */
  async keep(revision: number): Promise<boolean> {
    const stands = this.record.trials.some((trial) => trial.revision === revision);
    if (stands) await this.end(revision);
    if (stands) this.log(`revision ${revision} is kept`);
    return stands;
  }

  trial(revision: number): HelperAnswers["trial"] {
    if (this.record.trials.some((trial) => trial.revision === revision)) return "waiting";
    return this.record.takenBack.includes(revision) ? "taken-back" : "none";
  }

  /** What the last start mended, told once. */
  takeRecovered(): Recovery | null {
    const { recovered } = this;
    this.recovered = undefined;
    return recovered ?? null;
  }

  async restore(report: MachinePorts["report"], dryRun: boolean): Promise<Restored> {
    if (!dryRun) this.held = undefined;
    const restored = await restore({ ...this.ports, report }, dryRun);
    if (!dryRun)
      this.log(
        `last known good files: ${restored.kind === "files" ? restored.outcome?.kind : restored.kind}`,
      );
    return restored;
  }

  /** Whether a trial's time is over. From the first look on it goes by a clock that never jumps. */
  dueTrial(): HeldTrial | undefined {
    return this.record.trials.find(({ revision, seconds, deadline }) => {
      let due = this.due.get(revision);
      if (due?.deadline !== deadline) {
        const left = Math.min(Math.max(0, deadline - Date.now()), seconds * 1000 + APPLYING_MS);
        due = { deadline, at: this.ports.now() + left + GRACE_MS };
        this.due.set(revision, due);
      }
      return this.ports.now() >= due.at;
    });
  }

  /** Takes back what nobody confirmed: only what it changed, and nothing else changed since. */
  async takeBack(trial: HeldTrial): Promise<void> {
    const { ports, record } = this;
    if (!record.trials.includes(trial)) return;
    this.held = undefined;
    const values = withoutTrial(record.inForce?.values ?? trial.made, trial);
    const preparation = await prepare(ports, values, record.inForce);
    const live = await ports.readLive();
    const outcome = preparation.ok
      ? await this.run(
          () => {},
          { prepared: preparation.prepared, values },
          {
            revision: Math.max(1, trial.revision - 1),
            // The helper may have ended between the swap and its record.
            replaceEdited: live !== undefined && hasDigests(live, { fileDigests: trial.fileDigests }, ports),
          },
        )
      : ({ kind: "rejected", problems: preparation.problems } as const);
    const words = `revision ${trial.revision} was not confirmed in ${trial.seconds} s; going back: ${outcome.kind}`;
    if (outcome.kind === "applied" || outcome.kind === "unchanged") {
      const takenBack = [...this.record.takenBack, trial.revision].slice(-MOST_TAKEN_BACK);
      await this.end(trial.revision, takenBack);
      return this.log(words);
    }
    this.due.set(trial.revision, { deadline: trial.deadline, at: ports.now() + AGAIN_MS });
    this.log(
      outcome.kind === "rejected"
        ? `${words}: ${outcome.problems.map(({ message }) => message).join(" ")}`
        : `${words}: ${outcome.reason}`,
    );
  }

  private async run(
    report: MachinePorts["report"],
    { prepared, values }: Pick<Held, "prepared" | "values">,
    options: { revision: number; replaceEdited: boolean },
  ): Promise<Outcome> {
    const { ports, record } = this;
    const outcome = await commit({ ...ports, report }, prepared, options);
    const inForce = inForceAfter(record.inForce, outcome, {
      prepared,
      values,
      ports,
      revision: options.revision,
    });
    await this.write({ ...record, inForce });
    return outcome;
  }

  /** Before anything is applied: a crash at any later moment finds it. */
  private async begin(
    { prepared, values }: Held,
    revision: number,
    seconds: number,
  ): Promise<string | undefined> {
    const { inForce, trials } = this.record;
    if (!inForce) return UNKNOWN;
    const others = trials.filter((trial) => trial.revision !== revision);
    if (others.length >= MOST_TRIALS) return "Too many changes are on trial. Confirm or take back one first.";
    const trial: HeldTrial = {
      revision,
      seconds,
      deadline: Date.now() + seconds * 1000 + APPLYING_MS,
      before: inForce.values,
      made: values,
      fileDigests: digestsOf(prepared.rendered.files, this.ports),
    };
    await this.write({ ...this.record, trials: [...others, trial] });
    return undefined;
  }

  /** Its time runs from when it is in force. */
  private async startTime(revision: number): Promise<void> {
    await this.write({
      ...this.record,
      trials: this.record.trials.map((trial) =>
        trial.revision === revision ? { ...trial, deadline: Date.now() + trial.seconds * 1000 } : trial,
      ),
    });
  }

  private async end(revision: number, takenBack = this.record.takenBack): Promise<void> {
    this.due.delete(revision);
    await this.write({
      ...this.record,
      takenBack,
      trials: this.record.trials.filter((trial) => trial.revision !== revision),
    });
  }

  private async write(record: HelperRecord): Promise<void> {
    this.record = record;
    try {
      await writeRecord(this.path, record);
    } catch (error) {
      // What it holds in memory counts until it ends; the daemon was dealt with already.
      if (!(error instanceof MachineFailure)) throw error;
      this.log(error.message);
    }
  }
}

function withoutTrial(now: SettingsValues, { before, made }: HeldTrial): SettingsValues {
  const back: Record<string, Wanted> = {};
  for (const key of settingKeys)
    if (!sameWanted(before[key], made[key]) && sameWanted(now[key], made[key])) back[key] = before[key];
  return { ...now, ...back };
}

function rejected(message: string): Outcome {
  return { kind: "rejected", problems: [{ key: "", message }] };
}

const STALE = "Something else was changed since this was checked. Nothing was changed; try again.";
const UNKNOWN =
  "The helper has not applied anything yet, so it would not know what to go back to. Apply without a trial once.";
