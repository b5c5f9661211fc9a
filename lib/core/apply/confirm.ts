import type { Listener } from "../dovecot/effective";
import { failureSentence, holds, type Probe, type Sighting } from "./outcome";
import type { MachinePorts } from "./ports";

/** A mark comes 18–50 ms after the signal (2.3.19.1 and 2.4.1); after this long it isn't coming. */
const MARK_TIMEOUT_MS = 2000;
/** Once the configuration is loaded, login processes may take this long to greet on a busy machine. */
const PROBE_TIMEOUT_MS = 2500;
const POLL_MS = 15;

export interface Expectation {
  listener: Listener;
  wanted: "open" | "closed";
  /** It didn't answer before the change either and the change is not about it: reported, not judged. */
  excused: boolean;
}

export type Confirmation =
  | { ok: true; loadedMark: string; probes: Probe[] }
  | { ok: false; loaded: boolean; reason: string; probes: Probe[] };

/**
 * Waits until the daemon has loaded one of `marks` and every expectation is seen, or says what is missing. Polls,
 * because `doveadm reload` returns before the ports have followed.
 */
export async function confirm(
  ports: MachinePorts,
  marks: readonly string[],
  expectations: readonly Expectation[],
): Promise<Confirmation> {
  const loadedMark = await untilLoaded(ports, marks);
  if (loadedMark === undefined) {
    const reason = `Dovecot did not load the new configuration within ${MARK_TIMEOUT_MS / 1000} seconds.`;
    return { ok: false, loaded: false, reason, probes: [] };
  }
  const deadline = ports.now() + PROBE_TIMEOUT_MS;
  for (;;) {
    const probes = probesOf(expectations, await ports.look(expectations.map(({ listener }) => listener)));
    const failure = probes.find((probe, index) => !holds(probe) && !expectations[index]?.excused);
    if (!failure) return { ok: true, loadedMark, probes };
    if (ports.now() >= deadline) return { ok: false, loaded: true, reason: failureSentence(failure), probes };
    await ports.wait(POLL_MS);
  }
}

async function untilLoaded(ports: MachinePorts, marks: readonly string[]): Promise<string | undefined> {
  const deadline = ports.now() + MARK_TIMEOUT_MS;
  for (;;) {
    for (const mark of marks) if (await ports.isLoaded(mark)) return mark;
    if (ports.now() >= deadline) return undefined;
    await ports.wait(POLL_MS);
  }
}

export function probesOf(expectations: readonly Expectation[], sightings: readonly Sighting[]): Probe[] {
  return expectations.map(({ listener, wanted }, index) => ({
    listener,
    wanted,
    seen: sightings[index] ?? { state: "failing", reason: "it was not looked at" },
  }));
}

/**
 * What must be seen of the listeners after a change. A port that was dead before is excused only where everything
 * was as last applied and the change is not about its protocol: closing POP3 must not fail because IMAPS was
 * broken all along.
 */
export function expectationsFor(
  listeners: readonly Listener[],
  known?: { before: readonly Sighting[]; changedProtocols: readonly string[]; settled: boolean },
): Expectation[] {
  return listeners.map((listener, index) => ({
    listener,
    wanted: listener.open ? "open" : "closed",
    excused:
      known !== undefined &&
      known.settled &&
      listener.open &&
      !known.changedProtocols.includes(listener.protocol) &&
      known.before[index]?.state !== "open",
  }));
}
