import type { ChainStep } from "@/lib/core/access/chain";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { ProofResult } from "@/lib/server/access/prove";
import { isoOf, type SuspensionFacts } from "@/lib/server/accounts/export/facts";
import type { HistoryEntry } from "@/lib/server/accounts/history";
import { table } from "../output";

/** What there is to tell of an account or domain, for people and for scripts. */
export interface Report {
  json: Record<string, unknown>;
  /** What is effective now, why, and what Dovecot says to it. */
  summary: string[];
  /** Layers, suspensions, history. */
  details: string[];
  /** Dovecot contradicts what is effective. */
  contradicted: boolean;
  /** It was asked and could not say, or can't be asked. */
  unproved: boolean;
}

/** Asks, and has a sentence where the daemon can't be asked. */
export async function tryToProve(
  ask: () => Promise<ProofResult[]>,
): Promise<{ results: ProofResult[]; trouble: string | null }> {
  try {
    return { results: await ask(), trouble: null };
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return { results: [], trouble: error.message };
  }
}

export function chainJson(steps: readonly ChainStep[]) {
  return steps.map(({ layer, label, says, decides, policy, suspensions }) => ({
    layer,
    label,
    says,
    decides,
    until: isoOf(policy?.until ?? null),
    actor: policy?.by.actor ?? null,
    at: policy?.by.at ?? null,
    reason: policy?.by.reason ?? null,
    suspensions: suspensions.map(({ id }) => id),
  }));
}

export function chainLines(steps: readonly ChainStep[]): string[] {
  return table(
    steps.map(({ label, says, decides, policy }) => [
      decides ? ">" : " ",
      label,
      says === "nothing" ? "-" : says,
      policy ? originOf(policy.by, isoOf(policy.until)) : "",
    ]),
  ).map((line) => `  ${line.trimEnd()}`);
}

export function historyJson(entries: readonly HistoryEntry[]) {
  return entries.map(({ changeId, before, after, at, ...entry }) => ({
    change: changeId,
    at: at.toISOString(),
    ...entry,
    before: withIsoEnd(before),
    after: withIsoEnd(after),
  }));
}

export function withIsoEnd<T extends { until: number | null }>(facts: T | null) {
  return facts && { ...facts, until: isoOf(facts.until) };
}

export function historyLines(entries: readonly HistoryEntry[]): string[] {
  return entries.map(
    ({ changeId, at, actor, origin, sentence, reason, undone }) =>
      `  #${changeId}  ${at.toISOString()}  ${actor} (${origin})  ${sentence}${reason ? `: ${reason}` : ""}${undone ? " (taken back)" : ""}`,
  );
}

export function suspensionLines(suspensions: readonly SuspensionFacts[]): string[] {
  return suspensions.map(
    ({ id, level, protocol, rank, reason, ticket, until, actor, at }) =>
      `  #${id}  ${level}  ${protocol}  ${[originOf({ actor, at, reason }, until), ticket ? `ticket ${ticket}` : "", `may be resumed by: ${rank}`].filter(Boolean).join("; ")}`,
  );
}

/** A heading and what stands below it, or nothing. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function originOf(by: { actor: string; at: string; reason: string }, until: string | null): string {
  return `${until === null ? "" : `until ${until}, `}by ${by.actor}, ${by.at}${by.reason ? `: ${by.reason}` : ""}`;
}
