import { settingKeys } from "../settings/catalogue";
import { type Confirmation, confirm, type Expectation, expectationsFor, probesOf } from "./confirm";
import { type Enforcement, failureSentence, holds, type Outcome, type Probe, type Sighting } from "./outcome";
import { type Answer, MachineFailure, type MachinePorts } from "./ports";
import { type Prepared, sameFiles } from "./prepare";
import { DAEMON_DOWN, goBack } from "./way-back";

export interface CommitOptions {
  revision: number;
  /** Replace live files that somebody edited; otherwise such an edit is a reason to refuse. */
  replaceEdited: boolean;
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
  const { rendered, live, effective, inForce } = prepared;
  if (prepared.edited && !options.replaceEdited) return { kind: "rejected", problems: [EDITED] };
  if (!(await ports.isRunning())) {
    return { kind: "stuck", reason: "Nothing was changed.", wayBack: DAEMON_DOWN, daemonDown: true };
  }
  const before = await ports.look(effective.listeners);
  const changedProtocols = inForce ? prepared.changes.map(({ key }) => key) : settingKeys;
  const expectations = expectationsFor(effective.listeners, {
    before,
    changedProtocols,
    settled: prepared.settled,
  });
  if (prepared.loadedMark !== undefined && !someServiceIsStopped(expectations, before)) {
    return { kind: "unchanged", loadedMark: prepared.loadedMark, probes: probesOf(expectations, before) };
  }

  const good = (await ports.readGood()) ?? live ?? rendered.files;
  try {
    if (prepared.settled && live && !sameFiles(live, good)) await ports.keepGood(live);
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

  const { enforcement, mark, answer } = await enforce(ports, prepared, changedProtocols);
  ports.report("confirm");
  const confirmed: Confirmation = answer.ok
    ? await confirm(ports, [mark], expectations)
    : { ok: false, loaded: false, reason: answer.message, probes: [] };
  if (!confirmed.ok) {
    return await goBack(ports, {
      revision: options.revision,
      reason: confirmed.reason,
      good,
      goodLoadedMark: inForce?.loadedMark,
      reloadAtOnce: confirmed.loaded,
      expectations: asBefore(effective.listeners, before),
    });
  }
  const notes = [...excusedNotes(confirmed.probes, expectations), ...(await keep(ports, prepared))];
  await ports.journal.clear();
  return { kind: "applied", enforcement, loadedMark: mark, probes: confirmed.probes, notes };
}

export const EDITED = {
  key: "replaceEdited",
  message:
    "The generated file was edited by hand since it was last applied. Look at the difference; replacing the edit needs a confirmation.",
};

async function enforce(
  ports: MachinePorts,
  { rendered, effective, inForce, route }: Prepared,
  changedProtocols: readonly string[],
): Promise<{ enforcement: Enforcement; mark: string; answer: Answer }> {
  if (route !== "stop" || !inForce) {
    ports.report("reload");
    return { enforcement: { how: "reload" }, mark: rendered.mark, answer: await ports.reload() };
  }
  ports.report("stop");
  const services = effective.services.filter(({ protocol }) => changedProtocols.includes(protocol));
  const answer = await ports.stopServices(services.map(({ name }) => name));
  let sessionsEnded = 0;
  for (const protocol of changedProtocols) sessionsEnded += await ports.endSessions(protocol);
  return { enforcement: { how: "stop", sessionsEnded }, mark: inForce.loadedMark, answer };
}

/** A service that was stopped by hand: everything is loaded and its port refuses. Only a reload opens it. */
function someServiceIsStopped(expectations: readonly Expectation[], before: readonly Sighting[]): boolean {
  return expectations.some(({ wanted }, index) => wanted === "open" && before[index]?.state === "closed");
}

/** Remembers the files that were just seen to work. Failing at that doesn't undo a change that works. */
async function keep(ports: MachinePorts, { rendered }: Prepared): Promise<string[]> {
  try {
    await ports.keepGood(rendered.files);
    return [];
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return [`The copy of the last working files could not be renewed: ${error.message}`];
  }
}

/** After the way back, every listener must be seen as it was before the attempt. */
function asBefore(listeners: Prepared["effective"]["listeners"], before: readonly Sighting[]): Expectation[] {
  return listeners.map((listener, index) => ({
    listener,
    wanted: before[index]?.state === "open" ? "open" : "closed",
    excused: before[index]?.state === "failing",
  }));
}

function excusedNotes(probes: readonly Probe[], expectations: readonly Expectation[]): string[] {
  return probes
    .filter((probe, index) => !holds(probe) && expectations[index]?.excused)
    .map((probe) => `${failureSentence(probe)} It was so before this change.`);
}
