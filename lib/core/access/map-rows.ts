import type { Policy, Protocol, Suspension } from "./rules";
import type { Subject } from "./subject";

/** A row of the access map, as the daemon's query reads it. */
export interface MapRow {
  k: Subject;
  proto: Protocol | "all";
  /** 0: suspension, which always denies; 1: policy. */
  kind: 0 | 1;
  /** 0: deny, 1: allow; of a suspension always 0. */
  state: 0 | 1;
  /** Unix seconds from which on the row is dead, or null. */
  until: number | null;
}

/** What identifies a row. */
export type MapKey = Pick<MapRow, "k" | "proto" | "kind">;

export function policyRow(subject: Subject, policy: Pick<Policy, "protocol" | "state" | "until">): MapRow {
  return {
    k: subject,
    proto: policy.protocol,
    kind: 1,
    state: policy.state === "allow" ? 1 : 0,
    until: policy.until,
  };
}

/**
 * The suspensions of one subject: the map has room for one row a protocol, so several become one that ends
 * when the last of them does.
 */
export function suspensionRows(
  subject: Subject,
  suspensions: readonly Pick<Suspension, "protocol" | "until">[],
): MapRow[] {
  const until = new Map<Protocol | "all", number | null>();
  for (const one of suspensions) {
    const known = until.get(one.protocol);
    until.set(one.protocol, known === undefined ? one.until : later(known, one.until));
  }
  return [...until].map(([proto, end]) => ({ k: subject, proto, kind: 0, state: 0, until: end }));
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
