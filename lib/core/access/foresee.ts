import type { BulkAct } from "./bulk";
import type { Layers } from "./decide";
import { mayLift, type Policy, type Suspension } from "./rules";

const NOBODY = { actor: "", at: "", reason: "" };

/** An account's layers as they will be once an act is done to it. */
export function afterAct(act: BulkAct, layers: Layers): Layers {
  const { policies, suspensions } = layers;
  switch (act.kind) {
    case "policy": {
      const others = policies.account.filter(({ protocol }) => !act.protocols.includes(protocol));
      const { state, until } = act;
      const made =
        state === "inherit"
          ? []
          : act.protocols.map((protocol): Policy => ({ protocol, state, until, by: NOBODY }));
      return { ...layers, policies: { ...policies, account: [...others, ...made] } };
    }
    case "suspend": {
      const { protocol, rank, reason, ticket, until } = act;
      const made: Suspension = { id: Infinity, protocol, rank, reason, ticket, until, by: NOBODY };
      return { ...layers, suspensions: { ...suspensions, account: [...suspensions.account, made] } };
    }
    case "resume": {
      const left = suspensions.account.filter(
        (one) => !(act.protocol === "all" || one.protocol === act.protocol) || !mayLift(act.rank, one.rank),
      );
      return { ...layers, suspensions: { ...suspensions, account: left } };
    }
  }
}
