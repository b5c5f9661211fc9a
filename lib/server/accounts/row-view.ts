import { PROTOCOLS, type Rank } from "@/lib/core/access/rules";
import type { AccountRowView, ProofView } from "@/lib/core/access/views";
import { proofView, stateView, suspensionView } from "../access/rule-views";
import type { AccountRow } from "./list";

/** An account as a table shows it to somebody of a rank. */
export function rowView(row: AccountRow, rank: Rank): AccountRowView {
  const { id, address, domain, vanishedAt, protocols, suspensions, lastChange } = row;
  return {
    id,
    address,
    domain,
    vanishedAt: vanishedAt?.toISOString() ?? null,
    states: PROTOCOLS.map((protocol) =>
      stateView(protocol, protocols[protocol], protocols[protocol].override),
    ),
    suspensions: suspensions.map((one) => suspensionView(one, rank)),
    change: lastChange ?? null,
    proofs: PROTOCOLS.flatMap((protocol): ProofView[] => {
      const { proof } = protocols[protocol];
      return proof ? [proofView(protocol, proof)] : [];
    }),
  };
}
