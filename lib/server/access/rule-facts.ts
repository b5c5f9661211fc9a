import type { ChainStep } from "@/lib/core/access/chain";
import type { ChainStepJson, RuleChangeJson } from "@/lib/core/api/answers/rules";
import { isoOf } from "../accounts/export/facts";
import type { HistoryEntry } from "../accounts/history";

/** The steps of a chain for scripts and the API: names and types are a promise (docs/cli.md). */
export function chainFacts(steps: readonly ChainStep[]): ChainStepJson[] {
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

/** The same of what changed rules. */
export function historyFacts(entries: readonly HistoryEntry[]): RuleChangeJson[] {
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
