import { type ChainStep, chainOf } from "@/lib/core/access/chain";
import { domainOf } from "@/lib/core/access/name";
import { isLive, type Policy, PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { layersOf } from "../access/layers";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { type AccountRow, rowsFor } from "./list";

/** Everything that is known of one address, whether or not a listing has ever named it. */
export interface Account extends AccountRow {
  /** Named by the last listing, by an earlier one only, or by none. */
  known: "listed" | "vanished" | "never-listed";
  firstSeenAt: Date | null;
  chains: Record<Protocol, ChainStep[]>;
  /** The account's own live policies; with the domain's and everybody's they stand in the chains. */
  policies: Policy[];
}

/** `address` folded. Also of one that nobody has listed: a rule can stand before the account does. */
export async function accountAt(node: MailNode, address: string): Promise<Account> {
  const listed = await node.db.account.findUnique({ where: { address } });
  const account = listed ?? {
    id: 0,
    address,
    domain: domainOf(address),
    vanishedAt: null,
    firstSeenAt: null,
  };
  const [[row], layers] = await Promise.all([rowsFor(node, [account]), layersOf(node.db, [address])]);
  if (!row) throw new Error("An account comes to one row.");
  const own = layers(address);
  const now = Date.now() / 1000;
  return {
    ...row,
    known: listed ? (listed.vanishedAt ? "vanished" : "listed") : "never-listed",
    firstSeenAt: account.firstSeenAt,
    chains: Object.fromEntries(
      PROTOCOLS.map((protocol) => [protocol, chainOf(protocol, own, now, tellInstant)]),
    ) as Account["chains"],
    policies: own.policies.account.filter((policy) => isLive(policy, now)),
  };
}
