import { randomBytes } from "node:crypto";
import { commit } from "@/lib/core/apply/commit";
import type { Outcome } from "@/lib/core/apply/outcome";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { digestsOf, hasDigests, type InForce, type Prepared, prepare } from "@/lib/core/apply/prepare";
import { type Recovery, recover } from "@/lib/core/apply/recover";
import { type Restored, restore } from "@/lib/core/apply/restore";
import type { HelperAnswers, RequestFor } from "@/lib/core/helper/replies";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { type HeldTrial, type HelperRecord, readRecord, writeRecord } from "./record";
import { APPLYING_MS, TrialClock, withoutTrial } from "./trials";

/** A state that was checked. */
interface Checked {
  prepared: Prepared;
  values: SettingsValues;
}

type Report = MachinePorts["report"];

/** A preparation is not good for longer: the server's own files may be others by then. In milliseconds. */
const TICKET_MS = 60_000;
const MOST_TICKETS = 16;
/** More at once are never asked for by people. */
const MOST_TRIALS = 20;
const MOST_TAKEN_BACK = 100;
const SILENTLY: Report = () => {};

/** Runs of the engine, with what the helper remembers between them. Call one at a time. */
export class Runs {
  private readonly tickets = new Map<string, Checked>();
  private readonly clock: TrialClock;
  private recovered: Recovery | undefined;

  private constructor(
    private readonly ports: MachinePorts,
    private readonly path: string,
    private record: HelperRecord,
    private readonly log: (sentence: string) => void,
  ) {
    this.clock = new TrialClock(() => ports.now());
  }

  /** Finishes or undoes what a crash cut off. */
  static async start(ports: MachinePorts, path: string, log: (sentence: string) => void): Promise<Runs> {
    const runs = new Runs(ports, path, await readRecord(path), log);
    runs.recovered = await recover(ports);
    if (runs.recovered) log(`mended a change to revision ${runs.recovered.revision} that was cut off`);
    return runs;
  }

  /** Checks a state. Its ticket is good for one commit, until something else is committed. */
  async prepare(
    report: Report,
    { values, touched }: RequestFor<"prepare">,
  ): Promise<HelperAnswers["prepare"]> {
    const ports = { ...this.ports, report };
    const preparation = await prepare(ports, values, this.record.inForce, new Set<string>(touched));
    const ticket = randomBytes(16).toString("hex");
    if (preparation.ok) {
      const [oldest = ""] = this.tickets.keys();
      if (this.tickets.size >= MOST_TICKETS) this.tickets.delete(oldest);
      this.tickets.set(ticket, { prepared: preparation.prepared, values });
      setTimeout(() => this.tickets.delete(ticket), TICKET_MS).unref();
    }
    return { preparation, ticket };
  }

  async commit(
    report: Report,
    { ticket, revision, replaceEdited, trial }: RequestFor<"commit">,
  ): Promise<Outcome> {
    const checked = this.tickets.get(ticket);
    if (!checked) return rejected(STALE);
    const refused = trial === null ? undefined : await this.beginTrial(checked, revision, trial);
    if (refused) return rejected(refused);
    const outcome = await this.run(report, checked, { revision, replaceEdited });
    if (trial !== null) {
      if (holds(outcome)) await this.startTime(revision);
      else await this.endTrial(revision);
    }
    this.log(`revision ${revision}: ${words(outcome)}${trial === null ? "" : `, on trial for ${trial} s`}`);
    return outcome;
  }

  async restore(report: Report, dryRun: boolean): Promise<Restored> {
    if (!dryRun) this.tickets.clear();
    const restored = await restore({ ...this.ports, report }, dryRun);
    if (!dryRun)
      this.log(
        `last known good files: ${restored.kind === "files" ? restored.outcome?.kind : restored.kind}`,
      );
    return restored;
  }

  /** What the last start mended, told once. */
  takeRecovered(): Recovery | null {
    const { recovered } = this;
    this.recovered = undefined;
    return recovered ?? null;
  }

  trial(revision: number): HelperAnswers["trial"] {
    if (this.record.trials.some((trial) => trial.revision === revision)) return "waiting";
    return this.record.takenBack.includes(revision) ? "taken-back" : "none";
  }

  /** Somebody says that mail still works. False where that was not on trial. */
  async keep(revision: number): Promise<boolean> {
    if (this.trial(revision) !== "waiting") return false;
    await this.endTrial(revision);
    this.log(`revision ${revision} is kept`);
    return true;
  }

  dueTrial(): HeldTrial | undefined {
    return this.clock.firstDue(this.record.trials);
  }

  /** Takes back what nobody confirmed: only what it changed, and nothing else changed since. */
  async takeBack(trial: HeldTrial): Promise<void> {
    const { ports, record, clock } = this;
    if (!record.trials.includes(trial)) return;
    const values = withoutTrial(record.inForce?.values ?? trial.made, trial);
    const preparation = await prepare(ports, values, record.inForce);
    const live = await ports.readLive();
    // The helper may have ended between a swap and its record, and then doesn't know its own files.
    const replaceEdited = live !== undefined && hasDigests(live, trial, ports);
    const outcome: Outcome = preparation.ok
      ? await this.run(
          SILENTLY,
          { prepared: preparation.prepared, values },
          { revision: Math.max(1, trial.revision - 1), replaceEdited },
        )
      : { kind: "rejected", problems: preparation.problems };
    const { revision, seconds } = trial;
    this.log(`revision ${revision} was not confirmed in ${seconds} s; going back: ${words(outcome)}`);
    if (!holds(outcome)) return clock.again(trial);
    await this.endTrial(revision, [...this.record.takenBack, revision].slice(-MOST_TAKEN_BACK));
  }

  private async run(
    report: Report,
    { prepared, values }: Checked,
    options: { revision: number; replaceEdited: boolean },
  ): Promise<Outcome> {
    this.tickets.clear();
    const { ports, record } = this;
    const outcome = await commit({ ...ports, report }, prepared, options);
    await this.write({
      ...record,
      inForce: this.inForceAfter(outcome, { prepared, values }, options.revision),
    });
    return outcome;
  }

  private inForceAfter(
    outcome: Outcome,
    { prepared, values }: Checked,
    revision: number,
  ): InForce | undefined {
    const { inForce } = this.record;
    if (outcome.kind === "rolled-back") return inForce && { ...inForce, loadedMark: outcome.loadedMark };
    if (outcome.kind !== "applied" && outcome.kind !== "unchanged") return inForce;
    return {
      revision,
      values,
      fileDigests: digestsOf(prepared.rendered.files, this.ports),
      mark: prepared.rendered.mark,
      loadedMark: outcome.loadedMark,
      listeners: prepared.effective.listeners,
    };
  }

  /** Before anything is applied: a crash at any later moment finds it. Returns why it can't be. */
  private async beginTrial(
    { prepared, values }: Checked,
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
    const trials = this.record.trials.map((trial) =>
      trial.revision === revision ? { ...trial, deadline: Date.now() + trial.seconds * 1000 } : trial,
    );
    await this.write({ ...this.record, trials });
  }

  private async endTrial(revision: number, takenBack = this.record.takenBack): Promise<void> {
    this.clock.forget(revision);
    const trials = this.record.trials.filter((trial) => trial.revision !== revision);
    await this.write({ ...this.record, trials, takenBack });
  }

  /** What it holds in memory counts until it ends, also where the disk takes nothing: the daemon was dealt with already. */
  private async write(record: HelperRecord): Promise<void> {
    this.record = record;
    await writeRecord(this.path, record).catch((error: unknown) => {
      if (!(error instanceof MachineFailure)) throw error;
      this.log(error.message);
    });
  }
}

function holds({ kind }: Outcome): boolean {
  return kind === "applied" || kind === "unchanged";
}

function words(outcome: Outcome): string {
  if (outcome.kind === "rejected")
    return `rejected: ${outcome.problems.map(({ message }) => message).join(" ")}`;
  return "reason" in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind;
}

function rejected(message: string): Outcome {
  return { kind: "rejected", problems: [{ key: "", message }] };
}

const STALE = "Something else was changed since this was checked. Nothing was changed; try again.";
const UNKNOWN =
  "The helper has not applied anything yet, so it would not know what to go back to. Apply without a trial once.";
