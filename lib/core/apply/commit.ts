import { settingOf } from "../settings/catalogue";
import {
  type Confirmation,
  confirm,
  type Expectation,
  expectationsFor,
  firstFailure,
  type Proof,
  probesOf,
} from "./confirm";
import { type Enforcement, failureSentence, holds, type Outcome, type Probe } from "./outcome";
import { type Answer, MachineFailure, type MachinePorts } from "./ports";
import { markOf, type Prepared, sameFiles } from "./prepare";
import { DAEMON_DOWN, goBack } from "./way-back";

export interface CommitOptions {
  revision: number;
  /** Replace live files that somebody edited; otherwise such an edit is a reason to refuse. */
  replaceEdited: boolean;
  /** Seconds after which a helper takes it back by itself, unless it is told that mail still works. */
  trial?: number | undefined;
}

/**
 * Makes the daemon run a prepared state, or puts back what was. Call it under the apply lock, with a preparation
 * that was made under the same lock.
 */
export async function commit(
  ports: MachinePorts,
  prepared: Prepared,
  options: CommitOptions,
): Promise<Outcome> {
  const { rendered, live, effective, inForce, before } = prepared;
  if (prepared.edited && !options.replaceEdited) return { kind: "rejected", problems: [EDITED] };
  if (!(await ports.isRunning())) {
    return { kind: "stuck", reason: "Nothing was changed.", wayBack: DAEMON_DOWN, daemonDown: true };
  }
  const changedProtocols = inForce
    ? prepared.changes.filter(({ need }) => need !== "nothing").flatMap(({ key }) => settingOf(key).protocols)
    : effective.protocols;
  const expectations = [
    ...expectationsFor(effective.listeners, { before, changedProtocols, settled: prepared.settled }),
    ...prepared.vanishing.map((listener) => ({ listener, wanted: "closed" as const, excused: false })),
  ];
  const kept = await ports.readGood();
  const previous = prepared.settled && live ? live : (kept ?? live ?? rendered.files);
  const stillLoaded = await currentLoad(ports, [inForce?.loadedMark, inForce?.mark, live && markOf(live)]);

  if (prepared.route === "none" && prepared.loadedMark !== undefined) {
    const probes = probesOf(expectations, before);
    const failure = firstFailure(probes, expectations);
    if (!failure || inForce?.revision === options.revision) {
      // A port that fails although everything is loaded is told; no reload would mend it, and one costs sessions.
      const notes = failure
        ? probes.filter((probe) => !holds(probe)).map(failureSentence)
        : await keep(ports, { files: rendered.files, revision: options.revision }, kept);
      await ports.journal.clear();
      return { kind: "unchanged", loadedMark: prepared.loadedMark, probes, notes };
    }
    // Loaded, and never seen to work: an interrupted run got this far. Its confirmation is made up for below.
  }

  const untouched = prepared.route === "none";
  if (!untouched) {
    try {
      if (!sameFiles(previous, kept)) await ports.keepGood(previous, inForce?.revision);
      await ports.journal.write({
        revision: options.revision,
        direction: "forward",
        reason: "",
        files: rendered.files,
      });
      ports.report("swap");
      if (!sameFiles(live, rendered.files)) await ports.swap(rendered.files);
    } catch (error) {
      if (!(error instanceof MachineFailure)) throw error;
      await ports.journal.clear();
      return { kind: "rejected", problems: [{ key: "", message: `${error.message} Nothing was changed.` }] };
    }
  }

  const { enforcement, proof, answer } = untouched
    ? { enforcement: { how: "reload" as const }, proof: { mark: rendered.mark }, answer: ACCEPTED }
    : await enforce(ports, prepared, changedProtocols);
  ports.report("confirm");
  const confirmed: Confirmation = answer.ok
    ? await confirm(ports, [proof], expectations)
    : { ok: false, loaded: false, reason: answer.message, probes: [] };
  if (!confirmed.ok) {
    return await goBack(ports, {
      revision: options.revision,
      reason: confirmed.reason,
      good: untouched ? (kept ?? previous) : previous,
      stillLoaded,
      reloadAtOnce: confirmed.loaded,
      seenBefore: effective.listeners.map((listener, index) => ({ listener, seen: before[index] })),
    });
  }
  const notes = [
    ...excusedNotes(confirmed.probes, expectations),
    ...(await keep(ports, { files: rendered.files, revision: options.revision }, kept)),
  ];
  await ports.journal.clear();
  return { kind: "applied", enforcement, loadedMark: confirmed.loadedMark, probes: confirmed.probes, notes };
}

export const EDITED = {
  key: "replaceEdited",
  message:
    "The generated file was edited by hand since it was last applied. Replacing the edit needs a confirmation.",
};

const ACCEPTED: Answer = { ok: true, message: "" };

async function enforce(
  ports: MachinePorts,
  { rendered, effective, inForce, route }: Prepared,
  changedProtocols: readonly string[],
): Promise<{ enforcement: Enforcement; proof: Proof; answer: Answer }> {
  if (route !== "stop" || !inForce) {
    const not = await ports.loadOf(rendered.mark);
    ports.report("reload");
    return {
      enforcement: { how: "reload" },
      proof: { mark: rendered.mark, not },
      answer: await ports.reload(),
    };
  }
  const current = await currentLoad(ports, [inForce.loadedMark, inForce.mark]);
  ports.report("stop");
  const services = effective.services.filter(({ protocol }) => changedProtocols.includes(protocol));
  const answer = await ports.stopServices(services.map(({ name }) => name));
  let sessionsEnded = 0;
  for (const protocol of changedProtocols) sessionsEnded += await ports.endSessions(protocol);
  return {
    enforcement: { how: "stop", sessionsEnded },
    proof: current ?? { mark: inForce.loadedMark },
    answer,
  };
}

/** Which configuration the daemon runs now, as a proof that it still is this very one. */
async function currentLoad(
  ports: MachinePorts,
  marks: readonly (string | undefined)[],
): Promise<Proof | undefined> {
  for (const mark of marks) {
    const only = mark === undefined ? undefined : await ports.loadOf(mark);
    if (mark !== undefined && only !== undefined) return { mark, only };
  }
  return undefined;
}

/** Remembers files that were just seen to work. Failing at that doesn't undo a change that works. */
async function keep(
  ports: MachinePorts,
  { files, revision }: { files: Prepared["rendered"]["files"]; revision: number },
  kept: Prepared["live"],
): Promise<string[]> {
  if (sameFiles(files, kept)) return [];
  try {
    await ports.keepGood(files, revision);
    return [];
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return [`The copy of the last working files could not be renewed: ${error.message}`];
  }
}

function excusedNotes(probes: readonly Probe[], expectations: readonly Expectation[]): string[] {
  return probes
    .filter((probe, index) => !holds(probe) && expectations[index]?.excused)
    .map((probe) => `${failureSentence(probe)} It was so before this change.`);
}
