import { PROTOCOLS, type Rank } from "@/lib/core/access/rules";
import type { AccountRowView, ProofView } from "@/lib/core/access/views";
import { proofView, stateView, suspensionView } from "../access/rule-views";
import { useView } from "../use/uses-of";
import type { AccountRow } from "./list";

/** Of a note in a row, in UTF-16 units. */
const TOLD = 160;

/** An account as a table shows it to somebody of a rank. */
export function rowView(row: AccountRow, rank: Rank): AccountRowView {
  const { id, address, domain, vanishedAt, protocols, suspensions, lastChange, notes, uses, usesSince } = row;
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
    notes: notes[0]
      ? { count: notes.length, text: notes[0].text.slice(0, TOLD), ticket: notes[0].ticket }
      : null,
    uses: PROTOCOLS.map((protocol) => useView(protocol, uses[protocol], usesSince)),
    proofs: PROTOCOLS.flatMap((protocol): ProofView[] => {
      const { proof } = protocols[protocol];
      return proof ? [proofView(protocol, proof)] : [];
    }),
  };
}
