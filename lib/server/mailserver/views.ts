import { listenerLabel, type Outcome } from "@/lib/core/apply/outcome";
import { type ChangeWords, changeWords } from "@/lib/core/settings/change-words";
import type { ApplyView, AttemptView, SaveView, Typed } from "@/lib/core/views";
import type { Applied } from "./apply";
import type { Comparison } from "./compare";
import type { AttemptFacts } from "./history";
import type { SaveResult } from "./save";

export function saveView(result: SaveResult, typed: Typed): SaveView {
  switch (result.kind) {
    case "invalid":
    case "refused":
      return { kind: "problems", typed, problems: result.problems };
    case "needs-confirmation":
      return {
        kind: "needs-confirmation",
        typed,
        authenticationOnly: result.authenticationOnly,
        warnings: result.warnings,
      };
    case "conflict":
      return {
        kind: "conflict",
        typed,
        revision: result.theirs.number,
        author: result.theirs.author,
        at: result.theirs.createdAt.toISOString(),
        now: new Date().toISOString(),
        reason: result.theirs.reason,
        theirs: result.theirChanges.map(({ sentence }) => sentence),
        yours: result.yourChanges.map(({ sentence }) => sentence),
      };
    case "done":
      return { kind: "done", revision: result.wanted, view: doneView(result) };
  }
}

/** What a save that got to the engine came to: for page and command line. */
export function doneView(result: Extract<SaveResult, { kind: "done" }>): ApplyView {
  const saved = result.saved
    ? `Saved as revision ${result.wanted}: ${result.changes.map(({ sentence }) => sentence).join(", ")}.`
    : `Nothing to save: revision ${result.wanted} already says so.`;
  return withRecord(result, { ...outcomeView(result.outcome, result.wanted), saved });
}

export function nothingView(revision: number): SaveView {
  const view: ApplyView = {
    tone: "good",
    saved: `Nothing to save: revision ${revision} already says so.`,
    inForce: "In force already: files and daemon are so, and nothing was reloaded.",
    details: [],
  };
  return { kind: "done", revision, view };
}

export function applyView(applied: Applied): ApplyView {
  const { revision, outcome } = applied;
  return withRecord(applied, {
    ...outcomeView(outcome, revision),
    saved: `Revision ${revision} is what is wanted.`,
  });
}

export function attemptView(
  { id, startedAt, finishedAt, outcome }: AttemptFacts,
  revision: number,
): AttemptView {
  const { inForce, details } = outcomeView(outcome, revision);
  const tookMs = finishedAt.getTime() - startedAt.getTime();
  return { id, outcome: outcome.kind, startedAt: startedAt.toISOString(), tookMs, inForce, details };
}

export function comparisonView({ changes, ...files }: Comparison): Omit<Comparison, "changes"> & {
  changes: ChangeWords[];
} {
  return { ...files, changes: changes.map(changeWords) };
}

function withRecord({ unrecorded }: { unrecorded?: string }, view: ApplyView): ApplyView {
  return unrecorded
    ? { ...view, tone: view.tone === "good" ? "warn" : view.tone, details: [unrecorded, ...view.details] }
    : view;
}

export function outcomeView(outcome: Outcome, revision: number): Omit<ApplyView, "saved"> {
  switch (outcome.kind) {
    case "unchanged":
      return outcome.notes.length > 0
        ? {
            tone: "warn",
            inForce: "In force already, but not everything works; a reload would not mend it.",
            details: outcome.notes,
          }
        : {
            tone: "good",
            inForce: "In force already: files and daemon were so before, so nothing was reloaded.",
            details: [],
          };
    case "applied":
      return {
        tone: outcome.notes.length > 0 ? "warn" : "good",
        inForce: `In force: revision ${revision}, ${enforcementWords(outcome)}${outcome.notes.length > 0 ? "" : ", seen on every port"}.`,
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
        inForce: outcome.daemonDown
          ? "Not in force: Dovecot is not running, so there was nothing to apply it to."
          : "Not in force, and not seen to be as before either.",
        details: [outcome.reason, outcome.wayBack],
      };
  }
}

function enforcementWords({ enforcement }: Extract<Outcome, { kind: "applied" }>): string {
  if (enforcement.how === "reload") return "after one reload";
  const ended = enforcement.sessionsEnded;
  return `without a reload${ended > 0 ? ` (${ended} open ${ended === 1 ? "session" : "sessions"} ended)` : ""}`;
}
