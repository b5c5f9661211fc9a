import { isLive, type Policy, type Protocol, type State, type Suspension } from "./rules";
import { LEVELS, type Level } from "./subject";

/** Everything that bears on one account: the server's switches, and the rules of its three levels. */
export interface Layers {
  server: Readonly<Record<Protocol, boolean>>;
  policies: Readonly<Record<Level, readonly Policy[]>>;
  suspensions: Readonly<Record<Level, readonly Suspension[]>>;
}

export type Layer = "server" | "suspension" | "account" | "domain" | "default";

/** What is effective for a protocol, because of which layer, in a sentence. Nothing else decides. */
export interface Decision {
  effective: State;
  layer: Layer;
  because: string;
}

/** How an instant (Unix seconds) is told; the caller knows the zone. */
export type TellInstant = (unixSeconds: number) => string;

/**
 * Effective = the server has it on, and nothing suspends it, and the account's policy, else the domain's, else
 * everybody's, allows it; where there is none it is allowed. `now` in Unix seconds.
 */
export function decide(protocol: Protocol, layers: Layers, now: number, tell: TellInstant): Decision {
  const name = protocol.toUpperCase();
  if (!layers.server[protocol])
    return { effective: "deny", layer: "server", because: `${name} is off for the whole server.` };
  const suspension = suspensionFor(protocol, layers, now);
  if (suspension) {
    return { effective: "deny", layer: "suspension", because: suspensionSentence(suspension, tell) };
  }
  for (const level of LEVELS) {
    const policy = policyFor(protocol, layers, level, now);
    if (!policy) continue;
    const layer = level === "server" ? "default" : level;
    return { effective: policy.state, layer, because: policySentence(name, level, policy, tell) };
  }
  return {
    effective: "allow",
    layer: "default",
    because: `${name} is allowed: no rule of the account, its domain or the server says otherwise.`,
  };
}

/** The suspension that is told, where several hold: the nearest level's, and of these the one that ends last. */
export function suspensionFor(
  protocol: Protocol,
  { suspensions }: Pick<Layers, "suspensions">,
  now: number,
): { level: Level; suspension: Suspension } | undefined {
  for (const level of LEVELS) {
    const [suspension] = suspensions[level]
      .filter((one) => (one.protocol === protocol || one.protocol === "all") && isLive(one, now))
      .toSorted((a, b) => (b.until ?? Infinity) - (a.until ?? Infinity) || a.id - b.id);
    if (suspension) return { level, suspension };
  }
  return undefined;
}

export function policyFor(
  protocol: Protocol,
  { policies }: Pick<Layers, "policies">,
  level: Level,
  now: number,
): Policy | undefined {
  return policies[level].find((policy) => policy.protocol === protocol && isLive(policy, now));
}

const WHOSE: Readonly<Record<Level, string>> = {
  account: "this account",
  domain: "its domain",
  server: "all accounts without a rule of their own",
};

function policySentence(name: string, level: Level, policy: Policy, tell: TellInstant): string {
  const verb = policy.state === "allow" ? "allowed" : "denied";
  return `${name} is ${verb} for ${WHOSE[level]}${ending(policy.until, tell)}${reasonOf(policy.by.reason)}.`;
}

function suspensionSentence(
  { level, suspension }: { level: Level; suspension: Suspension },
  tell: TellInstant,
): string {
  const { protocol, until, reason, ticket } = suspension;
  const whose = { account: "This account", domain: "Its domain", server: "Every account" }[level];
  const what = protocol === "all" ? "" : ` for ${protocol.toUpperCase()}`;
  const why = [reason, ticket ? `ticket ${ticket}` : ""].filter(Boolean).join(", ");
  return `${whose} is suspended${what}${ending(until, tell)}${reasonOf(why)}.`;
}

function ending(until: number | null, tell: TellInstant): string {
  return until === null ? "" : ` until ${tell(until)}`;
}

function reasonOf(reason: string): string {
  return reason === "" ? "" : ` (${reason})`;
}
