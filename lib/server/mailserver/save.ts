import { randomUUID } from "node:crypto";
import { EDITED } from "@/lib/core/apply/commit";
import type { Outcome } from "@/lib/core/apply/outcome";
import type { Preparation } from "@/lib/core/apply/prepare";
import { type HookChange, hookEvent } from "@/lib/core/hooks/event";
import { isSettingKey, type SettingKey, type SettingsValues, settingOf } from "@/lib/core/settings/catalogue";
import { changeWords } from "@/lib/core/settings/change-words";
import { type Change, changesBetween } from "@/lib/core/settings/changes";
import { type FieldProblem, readPatch } from "@/lib/core/settings/schema";
import type { Wanted } from "@/lib/core/settings/setting";
import { type AuditEvent, audit } from "../audit";
import type { Database, Write } from "../database/client";
import { askHooks } from "../hooks/ask";
import { noteForHooks } from "../hooks/tell";
import type { MailNode } from "../node";
import { commitRevision, whileAlone } from "./apply";
import { freezeNow, frozenProblem } from "./freeze";
import { readInForce } from "./in-force";
import { revisionSubject } from "./outcome-event";
import { type Run, reporting } from "./progress";
import { type Actor, addRevision, findRevision, latestRevision, type Revision } from "./revisions";
import { beginTrial, startTrial } from "./trials";

export interface SaveRequest {
  /** Keys and new values; what isn't named stays as it is. */
  patch: unknown;
  /** The revision that the person was looking at; undefined takes the newest (a command line without a form). */
  baseRevision: number | undefined;
  reason: string;
  actor: Actor;
  /** Confirmations that were given. */
  authenticationOnly: boolean;
  replaceEdited: boolean;
  /** The warnings that were read and accepted, by their sentences; true accepts whatever there is. */
  acceptWarnings: boolean | readonly string[];
  /** The revision that this takes back. */
  undoes?: number | undefined;
  /** Seconds within which somebody must say that mail still works; else it goes back by itself. */
  keepWithin?: number | undefined;
  /** Reload although a freeze window stands. */
  duringFreeze?: boolean | undefined;
  /** What is written with the revision, in its transaction. */
  alongside?: ((write: Write, revision: number) => Promise<void>) | undefined;
  /** Whom its steps are told. */
  run?: Run | undefined;
}

export type SaveResult =
  /** Values that can't be read, and what else speaks against the rest. */
  | { kind: "invalid"; problems: FieldProblem[] }
  /** Somebody saved in between. Both sides, in sentences: theirs since the form was opened, and what was asked for. */
  | { kind: "conflict"; theirs: Revision; theirChanges: Change[]; yourChanges: Change[] }
  /** Nobody could read mail any more, or something is weak but legal: that needs a word. */
  | { kind: "needs-confirmation"; authenticationOnly: boolean; warnings: FieldProblem[] }
  /** Nothing was saved: the candidate doesn't pass the checks. */
  | { kind: "refused"; problems: FieldProblem[] }
  /** `saved` is undefined when the wanted state was so already. */
  | {
      kind: "done";
      saved: Revision | undefined;
      changes: Change[];
      wanted: number;
      outcome: Outcome;
      unrecorded?: string;
      /** When it goes back by itself, unless somebody says that mail still works. */
      keepUntil?: Date;
    };

/** Longest reason that is kept; in characters. */
const LONGEST_REASON = 500;

/**
 * One save, from a patch to a daemon that obeys: parse, compare, check the candidate, write the revision, apply.
 * A state that Dovecot refuses never becomes wanted, so it can't block the next change.
 */
export async function saveMailserver(node: MailNode, request: SaveRequest): Promise<SaveResult> {
  const run = request.run ?? { id: randomUUID() };
  const { node: told, done } = reporting(node, run);
  return await whileAlone(told, request.actor, "saving the Mailserver Configuration", async () => {
    const result = await saveAlone(told, request, run);
    if (result.kind === "done" && result.changes.length > 0)
      await noteForHooks(
        node,
        hookEvent(run.id, new Date(), "after", {
          ...hookChange(request, result.changes),
          revision: result.wanted,
          outcome: result.outcome.kind,
        }),
      );
    // A revision's own entry is written with it.
    if (result.kind !== "done") await auditRefusal(node.db, request, result);
    await done();
    return result;
  });
}

async function saveAlone(node: MailNode, request: SaveRequest, run: Run): Promise<SaveResult> {
  const judged = await judgeSave(node, request);
  if (judged.kind !== "sound") return judged;
  const { latest, values, changes, preparation } = judged;
  const veto = await vetoOf(node, request, run, changes);
  if (veto !== undefined) return { kind: "refused", problems: [{ key: "hook", message: veto }] };
  const saved =
    changes.length > 0
      ? await node.db.$transaction(async (write) => {
          const words = changes.map(changeWords);
          await audit(write, {
            ...auditOf(request, "saved", [
              ...changes.map(({ sentence }) => sentence),
              ...(request.undoes === undefined ? [] : [`Takes back revision ${request.undoes}`]),
            ]),
            subject: revisionSubject(latest.number + 1),
            before: words.map(({ label, from }) => `${label}: ${from}`),
            after: words.map(({ label, to }) => `${label}: ${to}`),
          });
          const revision = await addRevision(write, {
            number: latest.number + 1,
            values,
            actor: request.actor,
            reason: request.reason,
            sentences: changes.map(({ sentence }) => sentence),
            undoes: request.undoes,
          });
          if (request.keepWithin !== undefined) await beginTrial(write, revision.number, request.keepWithin);
          await request.alongside?.(write, revision.number);
          return revision;
        })
      : undefined;
  const wanted = saved?.number ?? latest.number;
  const { revision: _, ...applied } = await commitRevision(node, request.actor, wanted, preparation, {
    replaceEdited: request.replaceEdited,
    reason: request.reason,
    runId: run.id,
    trial: saved && request.keepWithin,
  });
  const keepUntil =
    saved && request.keepWithin !== undefined
      ? await startTrial(node.db, saved.number, request.keepWithin, applied.outcome)
      : undefined;
  return { kind: "done", saved, changes, wanted, ...applied, ...(keepUntil ? { keepUntil } : {}) };
}

/** What goes back by itself is nobody's to refuse: it is the way out for whoever was shut out. */
async function vetoOf(
  node: MailNode,
  request: SaveRequest,
  run: Run,
  changes: readonly Change[],
): Promise<string | undefined> {
  if (changes.length === 0 || request.actor.origin === "keeper") return undefined;
  return await askHooks(node, hookEvent(run.id, new Date(), "before", hookChange(request, changes)));
}

function hookChange({ actor, reason }: SaveRequest, changes: readonly Change[]): HookChange {
  return {
    kind: "settings",
    actor: actor.name,
    origin: actor.origin,
    reason,
    sentences: changes.map(({ sentence }) => sentence),
    settings: Object.fromEntries(changes.map(({ key, from, to }) => [key, { from, to }])),
  };
}

/** A change that passes every check, not saved yet. */
export interface SoundChange {
  kind: "sound";
  latest: Revision;
  values: SettingsValues;
  changes: Change[];
  preparation: Extract<Preparation, { ok: true }>;
}

/** Everything that a save finds out before it changes anything. */
export async function judgeSave(
  node: MailNode,
  request: SaveRequest,
): Promise<SoundChange | Exclude<SaveResult, { kind: "done" }>> {
  if (request.reason.length > LONGEST_REASON) {
    return {
      kind: "invalid",
      problems: [{ key: "reason", message: `Keep the reason under ${LONGEST_REASON} characters.` }],
    };
  }
  const latest = await latestRevision(node.db);
  const base =
    request.baseRevision === undefined ? latest : await findRevision(node.db, request.baseRevision);
  if (!base)
    return {
      kind: "invalid",
      problems: [{ key: "", message: "The form names a revision that doesn't exist. Open the page again." }],
    };
  const patch = readPatch(request.patch);
  if (base.number !== latest.number && patch.problems.length === 0) {
    return {
      kind: "conflict",
      theirs: latest,
      theirChanges: changesBetween(base.values, latest.values),
      yourChanges: changesBetween(base.values, { ...base.values, ...patch.values }),
    };
  }
  const values: SettingsValues = { ...latest.values, ...patch.values };
  const preparation = await node.engine.prepare(
    node.ports,
    values,
    await readInForce(node),
    new Set(Object.keys(patch.values)),
  );
  // What could be read is judged all the same, so that every complaint is told at once.
  if (patch.problems.length > 0)
    return {
      kind: "invalid",
      problems: [...patch.problems, ...(preparation.ok ? [] : preparation.problems)],
    };
  if (!preparation.ok) return { kind: "refused", problems: preparation.problems };
  const { prepared, warnings } = preparation;
  const changes = changesBetween(latest.values, values, prepared.target);
  if (prepared.edited && !request.replaceEdited) return { kind: "refused", problems: [EDITED] };
  const authenticationOnly = !values.imap && !values.pop3 && !request.authenticationOnly;
  const open = changes.length > 0 ? unaccepted(warnings, request.acceptWarnings) : [];
  if (changes.length > 0 && (authenticationOnly || open.length > 0))
    return { kind: "needs-confirmation", authenticationOnly, warnings: open };
  const frozen = prepared.route === "reload" && !request.duringFreeze ? await freezeNow(node.db) : undefined;
  if (frozen) return { kind: "refused", problems: [frozenProblem(frozen)] };
  return { kind: "sound", latest, values, changes, preparation };
}

/** A tick counts for the warnings that stood beside it, not for one that came since. */
function unaccepted(
  warnings: readonly FieldProblem[],
  accepted: SaveRequest["acceptWarnings"],
): FieldProblem[] {
  return warnings.filter(({ message }) => accepted !== true && !(accepted || []).includes(message));
}

/** Writes down that a change was refused. A slip of the pen is no event. */
export async function auditRefusal(
  db: Database,
  request: SaveRequest,
  result: Exclude<SaveResult, { kind: "done" }>,
): Promise<void> {
  if (result.kind === "invalid") return;
  const asked = Object.entries(readPatch(request.patch).values);
  await audit(db, {
    ...auditOf(request, result.kind, refusalSentences(result)),
    after: asked.flatMap(([key, to]) => (isSettingKey(key) ? [askedFor(key, to)] : [])),
  });
}

function askedFor(key: SettingKey, to: Wanted): string {
  const { label, words } = settingOf(key);
  return `Asked for: ${label}: ${words(to)}`;
}

function auditOf({ actor, reason }: SaveRequest, outcome: string, sentences: readonly string[]): AuditEvent {
  return { actor, action: "mailserver.save", outcome, sentences, reason };
}

function refusalSentences(result: Exclude<SaveResult, { kind: "done" | "invalid" }>): string[] {
  switch (result.kind) {
    case "conflict":
      return [`Revision ${result.theirs.number} by ${result.theirs.author} came between.`];
    case "refused":
      return result.problems.map(({ message }) => message);
    case "needs-confirmation":
      return [
        ...(result.authenticationOnly ? ["Closing every protocol was not confirmed."] : []),
        ...result.warnings.map(({ message }) => `Not accepted: ${message}`),
      ];
  }
}
