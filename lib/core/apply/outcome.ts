import type { Listener } from "../dovecot/effective";
import type { FieldProblem } from "../settings/schema";

/** What one look at one listener saw. `failing`: something accepts connections but doesn't speak the protocol. */
export type Sighting =
  | { state: "open"; latencyMs: number }
  | { state: "closed" }
  | { state: "failing"; reason: string };

export interface Probe {
  listener: Listener;
  wanted: "open" | "closed";
  seen: Sighting;
}

export type Step = "stage" | "check" | "swap" | "stop" | "reload" | "confirm" | "restore";

/** The steps of a run as people read them. `done` comes when its outcome is written down. */
export const STEP_WORDS: Readonly<Record<Step | "done", string>> = {
  stage: "Making a copy of the configuration",
  check: "Checking the copy",
  swap: "Putting the files in place",
  stop: "Closing ports without a reload",
  reload: "Reloading Dovecot",
  confirm: "Looking at what Dovecot runs and at every port",
  restore: "Putting back what was in force before",
  done: "Done",
};

/** How a change came into force. `sessionsEnded` counts those of closed protocols, ended one by one. */
export type Enforcement = { how: "stop"; sessionsEnded: number } | { how: "reload" };

/** How a run of the engine ended. Each is an expected outcome and a value, none an exception. */
export type Outcome =
  | { kind: "unchanged"; loadedMark: string; probes: Probe[]; notes: string[] }
  | { kind: "rejected"; problems: FieldProblem[] }
  | { kind: "applied"; enforcement: Enforcement; loadedMark: string; probes: Probe[]; notes: string[] }
  | { kind: "rolled-back"; reason: string; loadedMark: string; probes: Probe[] }
  | { kind: "stuck"; reason: string; wayBack: string; daemonDown: boolean };

export function holds(probe: Probe): boolean {
  return probe.wanted === probe.seen.state;
}

/** For instance `POP3 on 127.0.0.1 port 110`. */
export function listenerLabel(listener: Listener): string {
  const tls = listener.tls ? " over TLS" : "";
  return `${listener.protocol.toUpperCase()}${tls} on ${listener.address} port ${listener.port}`;
}

export function failureSentence(probe: Probe): string {
  const label = listenerLabel(probe.listener);
  if (probe.wanted === "closed") return `${label} should be closed and still accepts connections.`;
  if (probe.seen.state === "closed") return `${label} should answer and refuses connections.`;
  return `${label} should answer and does not: ${probe.seen.state === "failing" ? probe.seen.reason : "no answer"}.`;
}

export function sightingSentence({ listener, seen }: Probe): string {
  return `${listenerLabel(listener)} ${seen.state === "open" ? "answers" : seen.state === "closed" ? "is closed" : "fails"}`;
}
