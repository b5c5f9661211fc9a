import type { Listener } from "../dovecot/effective";
import type { FileSet } from "../dovecot/render";
import { confirm, type Expectation, expectationsFor, type Proof } from "./confirm";
import type { Outcome, Sighting } from "./outcome";
import { MachineFailure, type MachinePorts, unlessMachineFails } from "./ports";
import { markOf } from "./prepare";

/**
 * After a refused reload, Dovecot's config service is throttled and every further signal doubles the throttle:
 * logins of the whole server hang for 10 s and more (measured, 2.3.19.1 and 2.4.1). So: wait, look, one signal;
 * and wait longer before the next. In milliseconds.
 */
const PAUSES_MS = [5_000, 10_000, 20_000];

export interface WayBack {
  revision: number;
  /** Why the change is given up; a sentence. */
  reason: string;
  good: FileSet;
  /** What the daemon ran before the attempt: when it still does, no reload was obeyed and none is needed. */
  stillLoaded: Proof | undefined;
  /** No reload was refused, so none is throttled: what failed is loaded, or services were only stopped. */
  reloadAtOnce: boolean;
  /** What was seen before the attempt: a port that was dead then need not answer now. */
  seenBefore: readonly { listener: Listener; seen: Sighting | undefined }[];
}

/** Puts the last-known-good files back and waits until the daemon is seen to run them. */
export async function goBack(ports: MachinePorts, way: WayBack): Promise<Outcome> {
  const { revision, reason, good } = way;
  ports.report("restore");
  try {
    // The files matter more than the note about them: a disk without room for the note may have room for them.
    await ports.journal.write({ revision, direction: "back", reason, files: good }).catch(unlessMachineFails);
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
  const { reason, good, stillLoaded } = way;
  const expectations = await goodExpectations(ports, way);
  const mark = markOf(good) ?? "";
  const loadedBefore = await ports.loadOf(mark);
  const proofs: Proof[] = [{ mark, not: loadedBefore }];
  if (way.reloadAtOnce) await ports.reload();
  else if (stillLoaded) proofs.push(stillLoaded);

  let missing = "";
  for (const pause of [0, ...PAUSES_MS]) {
    if (!(await ports.isRunning())) return { kind: "stuck", reason, wayBack: DAEMON_DOWN, daemonDown: true };
    if (pause > 0) {
      await ports.wait(pause);
      await ports.reload();
    }
    ports.report("confirm");
    const confirmed = await confirm(ports, proofs, expectations);
    if (confirmed.ok && expectations.length === 0)
      return { kind: "stuck", reason, wayBack: UNSEEN, daemonDown: false };
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

/**
 * The good files' own ports, whatever the failed ones would have listened on. Where there is no room to read them
 * from a copy: the ports that were seen to answer before.
 */
async function goodExpectations(ports: MachinePorts, { good, seenBefore }: WayBack): Promise<Expectation[]> {
  const staged = await ports.stage(good).catch(unlessMachineFails);
  if (!staged?.effective) {
    return seenBefore
      .filter(({ seen }) => seen?.state === "open")
      .map(({ listener }) => ({ listener, wanted: "open", excused: false }));
  }
  return expectationsFor(staged.effective.listeners).map((expectation) => {
    const { address, port } = expectation.listener;
    const before = seenBefore.find(
      ({ listener }) => listener.address === address && listener.port === port,
    )?.seen;
    return {
      ...expectation,
      excused: expectation.wanted === "open" && before !== undefined && before.state !== "open",
    };
  });
}

const UNSEEN =
  "The previous files are in place and loaded; which ports they open could not be read, so none was looked at.";

export const DAEMON_DOWN =
  "Start Dovecot (the private one comes with npm start), then apply again. Its files are whole.";
