import type { BulkAct } from "@/lib/core/access/bulk";
import type { Edit } from "@/lib/core/access/edits";
import { mayLift, type Rank } from "@/lib/core/access/rules";
import type { Database } from "../database/client";
import { rulesOf } from "./rows";

/** The edits by which an act is done to these accounts. What stands above the actor's rank is left out and counted. */
export async function editsFor(
  db: Database,
  act: BulkAct,
  addresses: readonly string[],
): Promise<{ edits: Edit[]; notAllowed: number }> {
  if (act.kind === "policy") {
    const { protocols, state, until } = act;
    const edits = addresses.flatMap((subject) =>
      protocols.map((protocol): Edit => ({ kind: "policy", subject, protocol, state, until })),
    );
    return { edits, notAllowed: 0 };
  }
  if (act.kind === "suspend")
    return { edits: addresses.map((subject): Edit => ({ ...act, kind: "suspend", subject })), notAllowed: 0 };
  return await lifts(db, addresses, act.protocol, act.rank);
}

async function lifts(
  db: Database,
  addresses: readonly string[],
  protocol: Extract<BulkAct, { kind: "resume" }>["protocol"],
  rank: Rank,
): Promise<{ edits: Edit[]; notAllowed: number }> {
  const { suspensions } = await rulesOf(db, addresses);
  const standing = [...suspensions].flatMap(([subject, list]) =>
    list.filter((one) => protocol === "all" || one.protocol === protocol).map((one) => ({ subject, one })),
  );
  const allowed = standing.filter(({ one }) => mayLift(rank, one.rank));
  return {
    edits: allowed.map(({ subject, one }): Edit => ({ kind: "lift", subject, id: one.id })),
    notAllowed: standing.length - allowed.length,
  };
}

/** How many rules these accounts would have changed, and how many are so already. */
export async function alreadySo(db: Database, act: BulkAct, addresses: readonly string[]): Promise<number> {
  if (act.kind !== "policy") return 0;
  const { policies } = await rulesOf(db, addresses);
  return addresses.filter((address) =>
    act.protocols.every((protocol) => {
      const own = policies.get(address)?.find((policy) => policy.protocol === protocol);
      return act.state === "inherit"
        ? own === undefined
        : own?.state === act.state && own.until === act.until;
    }),
  ).length;
}
