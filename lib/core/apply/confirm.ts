import type { Listener } from "../dovecot/effective";
import { failureSentence, holds, type Probe, type Sighting, sightingSentence } from "./outcome";
import type { MachinePorts } from "./ports";

/** A mark comes 18–50 ms after the signal (2.3.19.1 and 2.4.1); after this long it isn't coming. */
const MARK_TIMEOUT_MS = 2000;
/** Once the configuration is loaded, login processes may take this long to greet on a busy machine. */
const PROBE_TIMEOUT_MS = 2500;
const POLL_MS = 15;

/**
 * What counts as proof that a configuration is loaded: its mark is there, and by which load. The same file loaded
 * again has the same mark, so after a reload only another load than before proves anything (`not`); and that
 * nothing happened at all is proved by the very load of before (`only`).
 */
export interface Proof {
  mark: string;
  not?: string | undefined;
  only?: string | undefined;
}

/** What it takes to look at the daemon. */
export type Seeing = Pick<MachinePorts, "loadOf" | "look" | "now" | "report" | "wait">;

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
 * Waits until the daemon is proved to have loaded a configuration and every expectation is seen, or says what is
 * missing. Polls, because `doveadm reload` returns before the ports have followed.
 */
export async function confirm(
  ports: Seeing,
  proofs: readonly Proof[],
  expectations: readonly Expectation[],
): Promise<Confirmation> {
  const loadedMark = await untilLoaded(ports, proofs);
  if (loadedMark === undefined) {
    const reason = `Dovecot did not load the new configuration within ${MARK_TIMEOUT_MS / 1000} seconds.`;
    return { ok: false, loaded: false, reason, probes: [] };
  }
  const deadline = ports.now() + PROBE_TIMEOUT_MS;
  const told = new Set<string>();
  for (;;) {
    const probes = probesOf(expectations, await ports.look(expectations.map(({ listener }) => listener)));
    for (const probe of probes.filter(holds)) {
      const sentence = sightingSentence(probe);
      if (!told.has(sentence)) ports.report("confirm", sentence);
      told.add(sentence);
    }
    const failure = firstFailure(probes, expectations);
    if (!failure) return { ok: true, loadedMark, probes };
    if (ports.now() >= deadline) return { ok: false, loaded: true, reason: failureSentence(failure), probes };
    await ports.wait(POLL_MS);
  }
}

async function untilLoaded(ports: Seeing, proofs: readonly Proof[]): Promise<string | undefined> {
  const deadline = ports.now() + MARK_TIMEOUT_MS;
  for (;;) {
    for (const { mark, not, only } of proofs) {
      const load = await ports.loadOf(mark);
      if (load !== undefined && load !== not && (only === undefined || load === only)) return mark;
    }
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

export function firstFailure(
  probes: readonly Probe[],
  expectations: readonly Expectation[],
): Probe | undefined {
  return probes.find((probe, index) => !holds(probe) && !expectations[index]?.excused);
}

/**
 * What must be seen of the listeners after a change. A port that was dead before is excused only where everything
 * was as last applied and the change is about another protocol: closing POP3 must not fail because IMAPS was
 * broken all along.
 */
export function expectationsFor(
  listeners: readonly Listener[],
  known?: { before: readonly Sighting[]; changedProtocols: readonly string[]; settled: boolean },
): Expectation[] {
  const mayExcuse = known !== undefined && known.settled && known.changedProtocols.length > 0;
  return listeners.map((listener, index) => ({
    listener,
    wanted: listener.open ? "open" : "closed",
    excused:
      mayExcuse &&
      listener.open &&
      !known.changedProtocols.includes(listener.protocol) &&
      known.before[index]?.state !== "open",
  }));
}
