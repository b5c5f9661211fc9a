import { decide, type Layer, type Layers, policyFor, suspensionFor, type TellInstant } from "./decide";
import { isLive, type Policy, type Protocol, type Suspension } from "./rules";

/** One step on the way from the server to an account: what it says, and whether it is the one that decides. */
export interface ChainStep {
  layer: Layer;
  label: string;
  says: "allow" | "deny" | "nothing";
  decides: boolean;
  policy: Policy | undefined;
  suspensions: readonly Suspension[];
}

/** The chain server → domain → account → suspension, with the step that decides marked. */
export function chainOf(protocol: Protocol, layers: Layers, now: number, tell: TellInstant): ChainStep[] {
  const { layer } = decide(protocol, layers, now, tell);
  const name = protocol.toUpperCase();
  const live = { server: at("server"), domain: at("domain"), account: at("account") };
  function at(level: "server" | "domain" | "account") {
    return policyFor(protocol, layers, level, now);
  }
  const suspensions = (["account", "domain", "server"] as const)
    .flatMap((level) => layers.suspensions[level])
    .filter((one) => (one.protocol === protocol || one.protocol === "all") && isLive(one, now));
  const on = layers.server[protocol];
  const serverDecides = layer === "server" || layer === "default";
  return [
    {
      layer: "server",
      label: on ? `Server: ${name} is on` : `Server: ${name} is off`,
      says: on ? (live.server?.state ?? "allow") : "deny",
      decides: serverDecides,
      policy: live.server,
      suspensions: [],
    },
    step("domain", "Domain", live.domain),
    step("account", "Account", live.account),
    {
      layer: "suspension",
      label: "Suspension",
      says: suspensionFor(protocol, layers, now) ? "deny" : "nothing",
      decides: layer === "suspension",
      policy: undefined,
      suspensions,
    },
  ];

  function step(level: "domain" | "account", label: string, policy: Policy | undefined): ChainStep {
    return {
      layer: level,
      label,
      says: policy?.state ?? "nothing",
      decides: layer === level,
      policy,
      suspensions: [],
    };
  }
}
