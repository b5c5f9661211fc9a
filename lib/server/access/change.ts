import { randomUUID } from "node:crypto";
import { type Edit, editSentence } from "@/lib/core/access/edits";
import { mayLift, RANKS, type Rank } from "@/lib/core/access/rules";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import { type HookChange, hookEvent } from "@/lib/core/hooks/event";
import { coversSubject } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Write } from "../database/client";
import { askHooks } from "../hooks/ask";
import { noteForHooks } from "../hooks/tell";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { auditChange, subjectsWords } from "./audit-change";
import { type Committed, commitEdits, type Frame } from "./commit-edits";
import { currentStates, type Expected, type Found } from "./expected";

export interface ChangeRequest {
  actor: Actor;
  /** The actor's own rank: what stands above it can't be lifted. */
  rank: Rank;
  reason: string;
  edits: readonly Edit[];
  /** What the person saw when he decided; anything else by now is a conflict. Undefined for a command without a form. */
  expected?: readonly Expected[];
  /** Asked inside the transaction; where it says no, nothing is done. */
  onlyIf?: (write: Write) => Promise<boolean>;
  /** The change that this one takes back. */
  undoesId?: number;
}

export type ChangeResult =
  | ({ kind: "done"; changeId: number | undefined; sentences: string[] } & Committed)
  /** Somebody was faster: what is there now, and since when by whom. */
  | { kind: "conflict"; found: Found[] }
  /** The suspension was set by somebody of a higher rank, or the subject is not the actor's. */
  | { kind: "not-allowed"; sentence: string };

/** One act upon policies and suspensions: saved, in the map, and in the history, in one step. */
export async function changeAccess(node: MailNode, request: ChangeRequest): Promise<ChangeResult> {
  const sentences = request.edits.map((edit) => editSentence(edit, tellInstant));
  const id = randomUUID();
  const stranger = request.edits.find(({ subject }) => !coversSubject(node.scope, subject));
  const veto = stranger ? notYours(stranger.subject) : await vetoOf(node, request, sentences, id);
  if (veto !== undefined) {
    const refused = { kind: "not-allowed", sentence: veto } as const;
    await auditRefusal(node, request, sentences, refused);
    return refused;
  }
  const frame: Frame = {
    async begin(write) {
      if (request.onlyIf && !(await request.onlyIf(write)))
        throw new Refusal({ kind: "conflict", found: [] });
      await requireExpected(write, request.expected ?? []);
      await requireRank(write, request);
      return await addChange(write, request.actor, {
        reason: request.reason,
        sentence: sentences.join("; "),
        count: new Set(request.edits.map(({ subject }) => subject)).size,
        undoesId: request.undoesId ?? null,
      });
    },
    async finish(write, changeId, changed) {
      // Everything was so already: nothing happened, so history has nothing to tell.
      if (changed === 0) await write.accessChange.delete({ where: { id: changeId } });
      else await auditChange(write, request.actor, { changeId, sentences, reason: request.reason });
    },
  };
  try {
    const { changeId, ...committed } = await commitEdits(node, frame, request.edits);
    if (committed.changed > 0) {
      const made = { ...hookChange(request, sentences), changeId, outcome: "done" };
      await noteForHooks(node, hookEvent(id, new Date(), "after", made));
    }
    return {
      kind: "done",
      changeId: committed.changed > 0 ? changeId : undefined,
      sentences,
      ...committed,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What the keeper found to be over already is no attempt of anybody's.
    if (!request.onlyIf) await auditRefusal(node, request, sentences, error.result);
    return error.result;
  }
}

/** What ends by itself was decided when its end was set. */
async function vetoOf(
  node: MailNode,
  request: ChangeRequest,
  sentences: readonly string[],
  id: string,
): Promise<string | undefined> {
  if (request.edits.length === 0 || request.actor.origin === "keeper") return undefined;
  return await askHooks(node, hookEvent(id, new Date(), "before", hookChange(request, sentences)));
}

function hookChange({ actor, reason, edits }: ChangeRequest, sentences: readonly string[]): HookChange {
  return {
    kind: "access",
    actor: actor.name,
    origin: actor.origin,
    reason,
    sentences: [...sentences],
    subjects: [...new Set(edits.map(({ subject }) => subject))],
  };
}

async function auditRefusal(
  { db }: MailNode,
  { actor, reason, edits }: ChangeRequest,
  sentences: readonly string[],
  result: Refusal["result"],
): Promise<void> {
  const why = result.kind === "conflict" ? "Somebody changed the same in between." : result.sentence;
  await audit(db, {
    actor,
    action: "access.change",
    outcome: result.kind,
    subject: subjectsWords([...new Set(edits.map(({ subject }) => subject))]),
    sentences: [why],
    after: sentences.map((sentence) => `Asked for: ${sentence}`),
    reason,
  });
}

/** Undoes the transaction and is the answer. */
class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(readonly result: Exclude<ChangeResult, { kind: "done" }>) {
    super(result.kind);
  }
}

async function requireExpected(write: Write, expected: readonly Expected[]): Promise<void> {
  const found = await currentStates(write, expected);
  const other = found.filter(({ state }, index) => state !== expected[index]?.state);
  if (other.length > 0) throw new Refusal({ kind: "conflict", found: other });
}

async function requireRank(write: Write, { rank, edits }: ChangeRequest): Promise<void> {
  const ids = edits.flatMap((edit) => (edit.kind === "lift" ? [edit.id] : []));
  if (ids.length === 0) return;
  for (const one of await write.suspension.findMany({ where: { id: { in: ids } } })) {
    const of = RANKS.find((known) => known === one.rank) ?? "administrator";
    if (!mayLift(rank, of)) throw new Refusal({ kind: "not-allowed", sentence: tooHigh(one.subject, of) });
  }
}

/** The same whether or not it exists. */
export function notYours(subject: Subject): string {
  return `${subjectLabel(subject)} is not among the domains that you are responsible for.`;
}

function tooHigh(subject: Subject, of: Rank): string {
  return `${subjectLabel(subject)} was suspended by ${of === "administrator" ? "an" : "a higher"} ${of}; only that rank or a higher one may resume it.`;
}

export async function addChange(
  write: Write,
  actor: Actor,
  facts: { reason: string; sentence: string; count: number; undoesId: number | null },
): Promise<number> {
  const { id } = await write.accessChange.create({
    data: { at: new Date(), actor: actor.name, origin: actor.origin, ...facts },
  });
  return id;
}
