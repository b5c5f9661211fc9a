import type { Protocol } from "@/lib/core/access/rules";
import type { MailNode } from "../node";
import type { ProofResult } from "./prove";

/** What the daemon answered when it was last asked. */
export type KnownProof = Pick<ProofResult, "seen" | "by" | "at" | "differs">;

export async function proofsOf(
  node: MailNode,
  addresses: readonly string[],
): Promise<Map<string, Partial<Record<Protocol, KnownProof>>>> {
  const rows = await node.db.proof.findMany({ where: { node: node.name, address: { in: [...addresses] } } });
  const proofs = new Map<string, Partial<Record<Protocol, KnownProof>>>();
  for (const { address, protocol, seen, by, at, differs } of rows) {
    const of = proofs.get(address) ?? {};
    of[protocol as Protocol] = {
      seen: seen as ProofResult["seen"],
      by: by as ProofResult["by"],
      at,
      differs,
    };
    proofs.set(address, of);
  }
  return proofs;
}
