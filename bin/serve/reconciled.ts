import type { Reconciliation } from "@/lib/server/mailserver/reconcile";
import { applyView } from "@/lib/server/mailserver/views";

/** What a start did about the wanted settings, as sentences. */
export function reconciliationSentences(reconciliation: Reconciliation): string[] {
  switch (reconciliation.kind) {
    case "edited":
      return [
        "the generated file was edited by hand since it was last applied; the page shows it, nothing was overwritten",
      ];
    case "left":
      return [
        `revision ${reconciliation.revision} is saved and not in force: it was rolled back when it was applied`,
      ];
    case "applied": {
      const { inForce, details } = applyView(reconciliation.applied);
      const { kind } = reconciliation.applied.outcome;
      if (kind === "unchanged" || kind === "applied")
        return [`revision ${reconciliation.applied.revision} is in force`];
      return [inForce, ...details];
    }
  }
}
