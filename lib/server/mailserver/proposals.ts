import { randomUUID } from "node:crypto";
import { isSettingKey, type SettingsValues } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import { readPatch } from "@/lib/core/settings/schema";
import type { SaveView } from "@/lib/core/views";
import { audit } from "../audit";
import type { Database } from "../database/client";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { type Actor, findRevision, latestRevision } from "./revisions";
import { auditRefusal, judgeSave, type SaveRequest, type SaveResult, saveMailserver } from "./save";
import { saveView } from "./views";

export type ProposalState = "open" | "scheduled" | "applying" | "done" | "failed" | "discarded";

/** A change that somebody looks at before it is applied. */
export interface Proposal {
  id: string;
  baseRevision: number;
  patch: Partial<SettingsValues>;
  reason: string;
  author: string;
  origin: Actor["origin"];
  createdAt: Date;
  acceptWarnings: string[];
  authenticationOnly: boolean;
  replaceEdited: boolean;
  undoes: number | null;
  keepWithin: number | null;
  state: ProposalState;
  applyAt: Date | null;
  decidedBy: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  runId: string | null;
  /** The revision that it became. */
  revision: number | null;
  /** What came of the last try. */
  result: SaveView | null;
}

export type ProposeResult =
  | { kind: "proposed"; id: string }
  /** Everything is so already, and nothing is to be done about it. */
  | { kind: "nothing"; revision: number }
  | Exclude<SaveResult, { kind: "done" }>;

/** Keeps a change that passes every check, so that it can be looked at; nothing of it is wanted yet. */
export async function proposeMailserver(node: MailNode, request: SaveRequest): Promise<ProposeResult> {
  // That something is frozen now stands in nobody's way of looking.
  const judged = await judgeSave(node, { ...request, duringFreeze: true });
  if (judged.kind !== "sound") {
    await auditRefusal(node.db, request, judged);
    return judged;
  }
  const { latest, changes, preparation } = judged;
  if (changes.length === 0 && preparation.prepared.route === "none")
    return { kind: "nothing", revision: latest.number };
  const id = randomUUID();
  await node.db.$transaction(async (write) => {
    await write.proposal.create({
      data: {
        id,
        baseRevision: latest.number,
        patch: JSON.stringify(Object.fromEntries(changes.map(({ key, to }) => [key, to]))),
        reason: request.reason,
        author: request.actor.name,
        origin: request.actor.origin,
        createdAt: new Date(),
        acceptWarnings: JSON.stringify(preparation.warnings.map(({ message }) => message)),
        authenticationOnly: request.authenticationOnly,
        replaceEdited: request.replaceEdited,
        undoesNumber: request.undoes ?? null,
        state: "open",
      },
    });
    await audit(write, {
      actor: request.actor,
      action: "proposal.make",
      outcome: "done",
      subject: `proposal ${id}`,
      sentences: changes.map(({ sentence }) => `To be looked at: ${sentence}`),
      reason: request.reason,
    });
  });
  return { kind: "proposed", id };
}

export async function findProposal(db: Database, id: string): Promise<Proposal | undefined> {
  const row = await db.proposal.findUnique({ where: { id } });
  if (!row) return undefined;
  const { undoesNumber: undoes, revisionNumber: revision, ...facts } = row;
  return {
    ...facts,
    undoes,
    revision,
    origin: row.origin as Actor["origin"],
    state: row.state as ProposalState,
    patch: readPatch(JSON.parse(row.patch)).values,
    acceptWarnings: JSON.parse(row.acceptWarnings) as string[],
    result: row.result === null ? null : (JSON.parse(row.result) as SaveView),
  };
}

/** Those that are to be applied by themselves, the next first. */
export async function scheduledProposals(
  db: Database,
): Promise<{ id: string; applyAt: Date; keepWithin: number | null }[]> {
  const rows = await db.proposal.findMany({
    where: { state: "scheduled" },
    orderBy: { applyAt: "asc" },
    select: { id: true, applyAt: true, keepWithin: true },
  });
  return rows.flatMap(({ applyAt, ...row }) => (applyAt ? [{ ...row, applyAt }] : []));
}

/** Gives up a change that was not applied. False where it is too late. */
export async function discardProposal(db: Database, id: string, actor: Actor): Promise<boolean> {
  return await move(db, id, actor, { from: ["open", "scheduled", "failed"], to: "discarded", applyAt: null });
}

export interface Decision {
  keepWithin: number | null;
  /** Warnings that were read and accepted on the page of the review. */
  acceptWarnings?: readonly string[];
  duringFreeze?: boolean;
}

/** Has it applied at an instant; false where it can't be any more. */
export async function scheduleProposal(
  db: Database,
  id: string,
  actor: Actor,
  { applyAt, keepWithin }: Decision & { applyAt: Date },
): Promise<boolean> {
  return await move(db, id, actor, { from: ["open", "failed"], to: "scheduled", applyAt, keepWithin });
}

/** Takes it out of the timetable again. */
export async function unscheduleProposal(db: Database, id: string, actor: Actor): Promise<boolean> {
  return await move(db, id, actor, { from: ["scheduled"], to: "open", applyAt: null });
}

/** Puts it on top of what was saved since it was made. */
export async function rebaseProposal(db: Database, id: string): Promise<void> {
  const { number } = await latestRevision(db);
  await db.proposal.updateMany({
    where: { id, state: { in: ["open", "failed"] } },
    data: { baseRevision: number, state: "open", result: null },
  });
}

interface Move {
  from: ProposalState[];
  to: ProposalState;
  applyAt: Date | null;
  keepWithin?: number | null;
}

async function move(
  db: Database,
  id: string,
  actor: Actor,
  { from, to, applyAt, keepWithin }: Move,
): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const { count } = await write.proposal.updateMany({
      where: { id, state: { in: from } },
      data: {
        state: to,
        applyAt,
        decidedBy: actor.name,
        ...(keepWithin === undefined ? {} : { keepWithin }),
        ...(to === "discarded" ? { finishedAt: new Date() } : {}),
      },
    });
    if (count > 0)
      await audit(write, {
        actor,
        action: `proposal.${to}`,
        outcome: "done",
        subject: `proposal ${id}`,
        sentences: applyAt ? [`To be applied at ${tellInstant(applyAt.getTime() / 1000)}`] : [],
      });
    return count > 0;
  });
}

export type ProposalRun =
  /** Somebody else was quicker, or it is discarded. */
  { kind: "too-late" } | { kind: "run"; result: SaveResult };

/** Brings a proposal into force, whoever looks on. Its state, steps and result can be read by its id meanwhile. */
export async function applyProposal(
  node: MailNode,
  id: string,
  actor: Actor,
  { keepWithin, acceptWarnings = [], duringFreeze = false }: Decision,
): Promise<ProposalRun> {
  const runId = randomUUID();
  const claimed = await node.db.proposal.updateMany({
    where: { id, state: { in: ["open", "scheduled", "failed"] } },
    data: {
      state: "applying",
      runId,
      startedAt: new Date(),
      keepWithin,
      decidedBy: actor.name,
      result: null,
    },
  });
  const proposal = await findProposal(node.db, id);
  if (claimed.count === 0 || !proposal) return { kind: "too-late" };
  try {
    const result = await saveMailserver(node, {
      patch: proposal.patch,
      baseRevision: await baseFor(node.db, proposal),
      reason: proposal.reason,
      actor: authorOf(proposal, actor),
      authenticationOnly: proposal.authenticationOnly,
      replaceEdited: proposal.replaceEdited,
      acceptWarnings: [...proposal.acceptWarnings, ...acceptWarnings],
      undoes: proposal.undoes ?? undefined,
      keepWithin: keepWithin ?? undefined,
      duringFreeze,
      run: { id: runId },
      alongside: async (write, revisionNumber) => {
        await write.proposal.update({ where: { id }, data: { revisionNumber } });
      },
    });
    const state = result.kind === "done" ? "done" : "open";
    await node.db.proposal.update({
      where: { id },
      data: { state, finishedAt: new Date(), result: JSON.stringify(saveView(result, {})) },
    });
    return { kind: "run", result };
  } catch (error) {
    await node.db.proposal.updateMany({ where: { id, state: "applying" }, data: { state: "open" } });
    throw error;
  }
}

/** Whoever proposed it; where another one decides, that is told as his way in. */
function authorOf({ author, origin }: Proposal, decider: Actor): Actor {
  const isSame = decider.name === author && decider.origin === origin;
  const via = isSame ? decider.via : `decided by ${decider.name} (${decider.origin})`;
  return { name: author, origin, from: decider.from, via };
}

/** What was saved since and doesn't touch the same settings is no conflict: nobody saw these to be otherwise. */
async function baseFor(db: Database, { baseRevision, patch }: Proposal): Promise<number> {
  const [base, latest] = await Promise.all([findRevision(db, baseRevision), latestRevision(db)]);
  const isApart =
    base !== undefined &&
    Object.keys(patch).every((key) => isSettingKey(key) && sameWanted(base.values[key], latest.values[key]));
  return isApart ? latest.number : baseRevision;
}

/** At start: those that a crash cut off. One that became a revision is brought into force by the start itself. */
export async function settleProposals(db: Database): Promise<void> {
  const applying = await db.proposal.findMany({ where: { state: "applying" } });
  for (const { id, revisionNumber } of applying) {
    await db.proposal.update({
      where: { id },
      data: { state: revisionNumber === null ? "open" : "done", finishedAt: new Date() },
    });
  }
}
