import { listenerLabel, type Outcome } from "@/lib/core/apply/outcome";
import type { ApplyView, Choice, SaveView } from "@/lib/core/views";
import type { Applied } from "./apply";
import type { SaveResult } from "./save";

export function saveView(result: SaveResult, choice: Choice): SaveView {
  switch (result.kind) {
    case "invalid":
    case "refused":
      return { kind: "problems", choice, problems: result.problems };
    case "needs-authentication-only":
      return { kind: "authentication-only", choice };
    case "conflict":
      return {
        kind: "conflict",
        choice,
        revision: result.theirs.number,
        author: result.theirs.author,
        at: result.theirs.createdAt.toISOString(),
        reason: result.theirs.reason,
        theirs: result.theirChanges.map(({ sentence }) => sentence),
        yours: result.yourChanges.map(({ sentence }) => sentence),
      };
    case "done": {
      const saved = result.saved
        ? `Saved as revision ${result.wanted}: ${result.changes.map(({ sentence }) => sentence).join(", ")}.`
        : `Nothing to save: revision ${result.wanted} already says so.`;
      return {
        kind: "done",
        revision: result.wanted,
        view: { ...outcomeView(result.outcome, result.wanted), saved },
      };
    }
  }
}

export function applyView({ revision, outcome }: Applied): ApplyView {
  return { ...outcomeView(outcome, revision), saved: `Revision ${revision} is what is wanted.` };
}

function outcomeView(outcome: Outcome, revision: number): Omit<ApplyView, "saved"> {
  switch (outcome.kind) {
    case "unchanged":
      return {
        tone: "good",
        inForce: "In force already: files and daemon were so before, so nothing was reloaded.",
        details: [],
      };
    case "applied":
      return {
        tone: outcome.notes.length > 0 ? "warn" : "good",
        inForce: `In force: revision ${revision}, ${enforcementWords(outcome)}, seen on every port.`,
        details: [
          ...outcome.notes,
          ...outcome.probes.map(
            ({ listener, seen }) =>
              `${listenerLabel(listener)}: ${seen.state === "open" ? `answers in ${seen.latencyMs} ms` : seen.state}`,
          ),
        ],
      };
    case "rejected":
      return {
        tone: "bad",
        inForce: "Not in force: it was refused before anything was touched.",
        details: outcome.problems.map(({ message }) => message),
      };
    case "rolled-back":
      return {
        tone: "bad",
        inForce: "Not in force: it failed, and what was in force before was put back and seen to work.",
        details: [outcome.reason],
      };
    case "stuck":
      return {
        tone: "bad",
        inForce: "Not in force, and not seen to be as before either.",
        details: [outcome.reason, outcome.wayBack],
      };
  }
}

function enforcementWords({ enforcement }: Extract<Outcome, { kind: "applied" }>): string {
  if (enforcement.how === "reload") return "after one reload";
  const ended = enforcement.sessionsEnded;
  return `without a reload${ended > 0 ? ` (${ended} open ${ended === 1 ? "session" : "sessions"} ended)` : ""}`;
}
