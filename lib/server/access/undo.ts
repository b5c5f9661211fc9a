import type { Edit } from "@/lib/core/access/edits";
import type { Protocol, Rank } from "@/lib/core/access/rules";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { type ChangeResult, changeAccess } from "./change";
import { findChange } from "./changes";
import { rulesOf } from "./rows";
import type { PolicyFacts } from "./write-policies";
import type { SuspensionFacts } from "./write-suspensions";

/** What taking a change back would do. */
export interface UndoPlan {
  edits: Edit[];
  /** Rules that a later change touched: they are left as they are now. */
  overtaken: { subject: string; protocol: string }[];
}

interface Item {
  subject: string;
  protocol: string;
  kind: string;
  ref: number;
  before: string | null;
  after: string | null;
}

/** The inverse of some of a change's items, where what they made is still what is there. */
export async function inverseOf(db: Database, items: readonly Item[]): Promise<UndoPlan> {
  const rules = await rulesOf(db, [...new Set(items.map(({ subject }) => subject))]);
  const plan: UndoPlan = { edits: [], overtaken: [] };
  for (const item of items) {
    const edit = item.kind === "policy" ? policyInverse(item, rules) : suspensionInverse(item, rules);
    if (edit) plan.edits.push(edit);
    else plan.overtaken.push({ subject: item.subject, protocol: item.protocol });
  }
  return plan;
}

type Rules = Awaited<ReturnType<typeof rulesOf>>;

function policyInverse({ subject, protocol, before, after }: Item, rules: Rules): Edit | undefined {
  const now = rules.policies.get(subject)?.find((policy) => policy.protocol === protocol);
  const made = after === null ? null : (JSON.parse(after) as PolicyFacts);
  const isAsMade = made === null ? now === undefined : now?.state === made.state && now.until === made.until;
  if (!isAsMade) return undefined;
  const was = before === null ? null : (JSON.parse(before) as PolicyFacts);
  return {
    kind: "policy",
    subject,
    protocol: protocol as Protocol,
    state: was?.state ?? "inherit",
    until: was?.until ?? null,
  };
}

function suspensionInverse({ subject, before, after, ref }: Item, rules: Rules): Edit | undefined {
  if (after !== null) {
    const stands = rules.suspensions.get(subject)?.some(({ id }) => id === ref);
    return stands ? { kind: "lift", subject, id: ref } : undefined;
  }
  return before === null
    ? undefined
    : { kind: "suspend", subject, ...(JSON.parse(before) as SuspensionFacts) };
}

/** So many items are undone at once; more than these are a job's work. */
const UNDO_AT_ONCE = 500;

export type UndoResult =
  | { kind: "unknown" }
  /** Too many for one answer: it is to be a job. */
  | { kind: "large"; count: number }
  | { kind: "already"; by: number }
  | ({ kind: "undone"; result: ChangeResult } & UndoPlan);

/** Takes a change back: only what it changed, and only where nobody changed it since. */
export async function undoChange(
  node: MailNode,
  changeId: number,
  actor: Actor,
  rank: Rank,
  reason: string,
): Promise<UndoResult> {
  const change = await findChange(node, changeId, 0);
  if (!change) return { kind: "unknown" };
  if (change.undoneBy !== null) return { kind: "already", by: change.undoneBy };
  const items = await node.db.accessChangeItem.findMany({ where: { changeId }, take: UNDO_AT_ONCE + 1 });
  if (items.length > UNDO_AT_ONCE) return { kind: "large", count: change.count };
  const { edits, overtaken } = await inverseOf(node.db, items);
  const result = await changeAccess(node, { actor, rank, reason, edits, undoesId: changeId });
  return { kind: "undone", result, edits, overtaken };
}
