import type { Decision } from "@/lib/core/access/decide";
import { mayLift, type Policy, type Protocol, type Rank, type Suspension } from "@/lib/core/access/rules";
import type { Level } from "@/lib/core/access/subject";
import type { ProofView, RuleView, StateView, SuspensionView } from "@/lib/core/access/views";
import type { KnownProof } from "./proofs";

export function ruleView({ protocol, state, until, by }: Policy): RuleView {
  return { protocol, state, until: isoOf(until), ...by };
}

/** `own` is the rank of whoever looks. */
export function suspensionView(suspension: Suspension & { level: Level }, own: Rank): SuspensionView {
  const { by, until, rank, ...rest } = suspension;
  return { ...rest, rank, until: isoOf(until), actor: by.actor, at: by.at, mayResume: mayLift(own, rank) };
}

export function stateView(
  protocol: Protocol,
  { effective, layer, because }: Decision,
  own: Policy | undefined,
): StateView {
  return {
    protocol,
    effective,
    because,
    own: own ? ruleView(own) : null,
    canFlip: layer !== "server" && layer !== "suspension",
  };
}

export function proofView(protocol: Protocol, { seen, by, at, differs }: KnownProof): ProofView {
  return { protocol, seen, by, at: at.toISOString(), differs };
}

function isoOf(unixSeconds: number | null): string | null {
  return unixSeconds === null ? null : new Date(unixSeconds * 1000).toISOString();
}
