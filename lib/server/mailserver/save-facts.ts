import type { SettingsAppliedJson, SettingsNotAppliedJson } from "@/lib/core/api/answers/mailserver";
import type { SaveResult } from "./save";

export type SaveFacts =
  | { isInForce: true; json: SettingsAppliedJson }
  | { isInForce: false; json: SettingsNotAppliedJson };

/** What came of a save as one flat object whose `outcome` is a word: the engine's five, or why it was not asked. */
export function saveFacts(result: SaveResult): SaveFacts {
  switch (result.kind) {
    case "done":
      return doneFacts(result);
    case "refused":
      return refusal({ outcome: "rejected", saved: false, problems: result.problems });
    case "invalid":
      return refusal({ outcome: "invalid", saved: false, problems: result.problems });
    case "needs-confirmation":
      return refusal({
        outcome: "needs-confirmation",
        saved: false,
        authenticationOnly: result.authenticationOnly,
        warnings: result.warnings,
      });
    case "conflict":
      return refusal({
        outcome: "conflict",
        saved: false,
        revision: result.theirs.number,
        author: result.theirs.author,
        theirs: result.theirChanges,
        yours: result.yourChanges,
      });
  }
}

function doneFacts(result: Extract<SaveResult, { kind: "done" }>): SaveFacts {
  const { outcome, unrecorded, keepUntil } = result;
  const saved = {
    revision: result.wanted,
    saved: result.saved !== undefined,
    changes: result.changes,
    ...(unrecorded === undefined ? {} : { unrecorded }),
    ...(keepUntil === undefined ? {} : { keepUntil: keepUntil.toISOString() }),
  };
  switch (outcome.kind) {
    case "unchanged": {
      const { kind, ...facts } = outcome;
      return { isInForce: true, json: { outcome: kind, ...saved, ...facts } };
    }
    case "applied": {
      const { kind, ...facts } = outcome;
      return { isInForce: true, json: { outcome: kind, ...saved, ...facts } };
    }
    case "rejected": {
      const { kind, ...facts } = outcome;
      return refusal({ outcome: kind, ...saved, ...facts });
    }
    case "rolled-back": {
      const { kind, ...facts } = outcome;
      return refusal({ outcome: kind, ...saved, ...facts });
    }
    case "stuck": {
      const { kind, ...facts } = outcome;
      return refusal({ outcome: kind, ...saved, ...facts });
    }
  }
}

function refusal(json: SettingsNotAppliedJson): SaveFacts {
  return { isInForce: false, json };
}
