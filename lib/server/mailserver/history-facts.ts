import type { RevisionJson } from "@/lib/core/api/answers/mailserver";
import type { HistoryEntry } from "./history";

/** A revision of the history for scripts and the API: names and types are a promise (docs/cli.md). */
export function historyEntryFacts({ createdAt, ...entry }: HistoryEntry): RevisionJson {
  const { number, author, origin, reason, sentences, undoes, undoneBy, outcome } = entry;
  return {
    number,
    author,
    origin,
    reason,
    createdAt: createdAt.toISOString(),
    sentences,
    undoes,
    undoneBy,
    outcome,
  };
}
