/** The protocols that are opened and closed for accounts. */
export const PROTOCOLS = ["imap", "pop3"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export function isProtocol(text: string): text is Protocol {
  return PROTOCOLS.some((protocol) => protocol === text);
}

export type State = "allow" | "deny";

/** Who changed something, when (ISO 8601) and why. */
export interface Origin {
  actor: string;
  at: string;
  reason: string;
}

/** Allow or deny, at one level, for one protocol. No policy means inherit. */
export interface Policy {
  protocol: Protocol;
  state: State;
  /** Unix seconds at which it ends by itself; null for no end. */
  until: number | null;
  by: Origin;
}

/** Who set a suspension, from the highest: it can be lifted at its rank or above. Until roles exist all are administrators. */
export const RANKS = ["administrator", "operator", "team"] as const;
export type Rank = (typeof RANKS)[number];

export function mayLift(own: Rank, of: Rank): boolean {
  return RANKS.indexOf(own) <= RANKS.indexOf(of);
}

/** A block above all policy; several can lie on one subject. */
export interface Suspension {
  id: number;
  protocol: Protocol | "all";
  rank: Rank;
  reason: string;
  /** The number of a ticket elsewhere, or empty. */
  ticket: string;
  until: number | null;
  by: Origin;
}

/** A rule is dead from its last second on, as the daemon's own query has it (`until > now`). */
export function isLive(rule: { until: number | null }, now: number): boolean {
  return rule.until === null || rule.until > now;
}
