import type { BulkAct } from "./bulk";
import type { Layers } from "./decide";
import { mayLift, type Policy, type Suspension } from "./rules";
import type { Level } from "./subject";

const NOBODY = { actor: "", at: "", reason: "" };

/** An account's layers as they will be once an act is done to it, or to its domain or everybody. */
export function afterAct(act: BulkAct, layers: Layers, level: Level = "account"): Layers {
  const { policies, suspensions } = layers;
  switch (act.kind) {
    case "policy": {
      const others = policies[level].filter(({ protocol }) => !act.protocols.includes(protocol));
      const { state, until } = act;
      const made =
        state === "inherit"
          ? []
          : act.protocols.map((protocol): Policy => ({ protocol, state, until, by: NOBODY }));
      return { ...layers, policies: { ...policies, [level]: [...others, ...made] } };
    }
    case "suspend": {
      const { protocol, rank, reason, ticket, until } = act;
      const made: Suspension = { id: Infinity, protocol, rank, reason, ticket, until, by: NOBODY };
      return { ...layers, suspensions: { ...suspensions, [level]: [...suspensions[level], made] } };
    }
    case "resume": {
      const left = suspensions[level].filter(
        (one) => !(act.protocol === "all" || one.protocol === act.protocol) || !mayLift(act.rank, one.rank),
      );
      return { ...layers, suspensions: { ...suspensions, [level]: left } };
    }
  }
}
