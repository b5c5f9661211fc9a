import {
  type Confirmation,
  confirm,
  type Expectation,
  firstFailure,
  probesOf,
  type Seeing,
} from "../apply/confirm";
import { failureSentence, type Probe } from "../apply/outcome";
import { MachineFailure, type MachinePorts } from "../apply/ports";
import { DAEMON_DOWN } from "../apply/way-back";

/** One side of a turn: what must be seen of the daemon there. */
export interface Side {
  /** With ours: one of these must be loaded anew. Without: none of them may be. */
  marks: readonly string[];
  ours: boolean;
  expectations: readonly Expectation[];
  /** What else must hold there; a sentence where it doesn't. */
  also?: () => Promise<string | undefined>;
}

export interface Turn {
  from: Side;
  to: Side;
  /** Puts the files of the other side in place, whole. */
  forward: () => Promise<void>;
  /** Puts back what was there. */
  back: () => Promise<void>;
}

export type TurnOutcome =
  | { kind: "done"; loadedMark: string; probes: Probe[] }
  /** Dovecot doesn't run: the files count from its next start on. */
  | { kind: "waiting" }
  | { kind: "rolled-back"; reason: string; probes: Probe[] }
  | { kind: "stuck"; reason: string; wayBack: string };

type Ports = Seeing & Pick<MachinePorts, "isRunning" | "reload">;

/** After a refused reload: wait before the first signal, and longer before each next (docs/dovecot-facts.md). */
const PAUSES_MS = [5_000, 10_000, 20_000];
const GONE_TIMEOUT_MS = 2000;
const PROBE_TIMEOUT_MS = 2500;
const POLL_MS = 15;

/**
 * Takes a Dovecot from its own configuration to the one with ours, or back: the files in one step, one reload, and what is
 * seen decides; where it doesn't hold, all is put back and seen to work. The staged copy was checked before.
 */
export async function turn(ports: Ports, { from, to, forward, back }: Turn): Promise<TurnOutcome> {
  const running = await ports.isRunning();
  ports.report("swap");
  try {
    await forward();
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    await back();
    return { kind: "rolled-back", reason: error.message, probes: [] };
  }
  if (!running) return { kind: "waiting" };
  const before = await loads(ports, to.marks);
  ports.report("reload");
  const answer = await ports.reload();
  ports.report("confirm");
  const seen: Confirmation = answer.ok
    ? await see(ports, to, before)
    : { ok: false, loaded: false, reason: answer.message, probes: [] };
  if (seen.ok) return { kind: "done", loadedMark: seen.loadedMark, probes: seen.probes };
  return await goBack(ports, from, back, seen);
}

async function goBack(
  ports: Ports,
  side: Side,
  back: () => Promise<void>,
  { reason, loaded }: { reason: string; loaded: boolean },
): Promise<TurnOutcome> {
  ports.report("restore");
  try {
    await back();
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return { kind: "stuck", reason, wayBack: `The files of before could not be put back: ${error.message}` };
  }
  let missing = "";
  for (const pause of loaded ? [0, ...PAUSES_MS] : PAUSES_MS) {
    if (!(await ports.isRunning())) return { kind: "stuck", reason, wayBack: DAEMON_DOWN };
    await ports.wait(pause);
    const before = await loads(ports, side.marks);
    await ports.reload();
    const seen = await see(ports, side, before);
    if (seen.ok) return { kind: "rolled-back", reason, probes: seen.probes };
    missing = seen.reason;
  }
  return { kind: "stuck", reason, wayBack: `The files of before are in place, and still: ${missing}` };
}

async function loads(ports: Ports, marks: readonly string[]): Promise<Map<string, string | undefined>> {
  return new Map(await Promise.all(marks.map(async (mark) => [mark, await ports.loadOf(mark)] as const)));
}

async function see(
  ports: Ports,
  side: Side,
  before: ReadonlyMap<string, string | undefined>,
): Promise<Confirmation> {
  const seen = await look(ports, side, before);
  const wrong = seen.ok ? await side.also?.() : undefined;
  return seen.ok && wrong !== undefined
    ? { ok: false, loaded: true, reason: wrong, probes: seen.probes }
    : seen;
}

async function look(
  ports: Ports,
  { ours, marks, expectations }: Side,
  before: ReadonlyMap<string, string | undefined>,
): Promise<Confirmation> {
  if (ours)
    return await confirm(
      ports,
      marks.map((mark) => ({ mark, not: before.get(mark) })),
      expectations,
    );
  if (!(await untilGone(ports, marks)))
    return {
      ok: false,
      loaded: false,
      reason: "Dovecot still runs the configuration with Portcullis's file.",
      probes: [],
    };
  const deadline = ports.now() + PROBE_TIMEOUT_MS;
  for (;;) {
    const probes = probesOf(expectations, await ports.look(expectations.map(({ listener }) => listener)));
    const failure = firstFailure(probes, expectations);
    if (!failure) return { ok: true, loadedMark: "", probes };
    if (ports.now() >= deadline) return { ok: false, loaded: true, reason: failureSentence(failure), probes };
    await ports.wait(POLL_MS);
  }
}

async function untilGone(ports: Ports, marks: readonly string[]): Promise<boolean> {
  const deadline = ports.now() + GONE_TIMEOUT_MS;
  for (;;) {
    if ([...(await loads(ports, marks)).values()].every((load) => load === undefined)) return true;
    if (ports.now() >= deadline) return false;
    await ports.wait(POLL_MS);
  }
}
