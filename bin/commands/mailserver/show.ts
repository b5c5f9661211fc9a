import { Command } from "commander";
import { listenerLabel, type Outcome } from "@/lib/core/apply/outcome";
import { changeWords } from "@/lib/core/settings/change-words";
import { compareRevisions } from "@/lib/server/mailserver/compare";
import { type AttemptFacts, revisionFacts } from "@/lib/server/mailserver/history";
import { outcomeView } from "@/lib/server/mailserver/views";
import { openNode } from "@/lib/server/node";
import { print, printJson, UsageError } from "../output";
import { readNumber } from "../rules/arguments";

export function showCommand(): Command {
  return new Command("show")
    .description("a revision: what it changed, in settings and in files, and what came of it")
    .argument("<revision>", "its number")
    .option("--json", "as JSON")
    .action(async (text: string, { json }: { json?: boolean }) => {
      const number = readNumber(text, "The revision");
      const node = await openNode();
      const facts = await revisionFacts(node.db, number);
      if (!facts) throw new UsageError(`There is no revision ${number}.`);
      const { revision, parent, attempts, ...entry } = facts;
      const { changes, diff, trouble } = await compareRevisions(node, parent ?? revision, revision);
      if (json)
        return printJson({
          ...entry,
          changes,
          diff,
          trouble,
          settings: revision.values,
          attempts: attempts.map(attemptJson),
        });
      print([
        `Revision ${number} by ${entry.author} (${entry.origin}), ${entry.createdAt.toISOString()}${entry.reason ? `: ${entry.reason}` : ""}`,
        ...(entry.undoes === null ? [] : [`It took back revision ${entry.undoes}.`]),
        ...(entry.undoneBy === null ? [] : [`It was taken back by revision ${entry.undoneBy}.`]),
        "",
        ...changes.map(changeWords).map(({ label, from, to }) => `${label}: ${from} → ${to}`),
        ...attempts.flatMap((attempt) => ["", ...attemptLines(attempt, number)]),
        ...(trouble ? ["", trouble] : []),
        ...(diff ? ["", diff.trimEnd()] : []),
      ]);
    });
}

function attemptJson({ outcome: recorded, ...attempt }: AttemptFacts) {
  const { kind: outcome, ...facts } = recorded;
  return { ...attempt, outcome, ...facts };
}

function attemptLines({ startedAt, outcome }: AttemptFacts, number: number): string[] {
  const { inForce, details } = outcomeView(outcome, number);
  return [
    `${startedAt.toISOString()}  ${inForce}`,
    ...details.map((detail) => `  ${detail}`),
    ...failed(outcome),
  ];
}

/** Ports that were seen on the way back: they say what works since. */
function failed(outcome: Outcome): string[] {
  if (outcome.kind !== "rolled-back") return [];
  return outcome.probes.map(({ listener, seen }) => `  ${listenerLabel(listener)}: ${seen.state}`);
}
