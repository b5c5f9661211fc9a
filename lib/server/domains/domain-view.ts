import { PROTOCOLS, type Rank } from "@/lib/core/access/rules";
import type { DomainRowView } from "@/lib/core/access/views";
import { stateView, suspensionView } from "../access/rule-views";
import type { DomainRow } from "./list";

/** A domain as pages show it to somebody of a rank. */
export function domainRowView(row: DomainRow, rank: Rank): DomainRowView {
  const { name, counts, protocols, suspensions, lastChange } = row;
  return {
    name,
    counts,
    states: PROTOCOLS.map((protocol) => stateView(protocol, protocols[protocol], protocols[protocol].own)),
    suspensions: suspensions.map((one) => suspensionView({ ...one, level: "domain" }, rank)),
    change: lastChange ?? null,
  };
}
