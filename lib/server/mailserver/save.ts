import { EDITED } from "@/lib/core/apply/commit";
import type { Outcome } from "@/lib/core/apply/outcome";
import { prepare } from "@/lib/core/apply/prepare";
import { type Change, changesBetween, type SettingsValues } from "@/lib/core/settings/catalogue";
import { type FieldProblem, parsePatch } from "@/lib/core/settings/schema";
import { type AuditEvent, audit } from "../audit";
import type { MailNode } from "../node";
import { commitRevision, whileAlone } from "./apply";
import { readInForce } from "./in-force";
import { type Actor, addRevision, findRevision, latestRevision, type Revision } from "./revisions";

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
}

export type SaveResult =
  | { kind: "invalid"; problems: FieldProblem[] }
  /** Somebody saved in between. Both sides, in sentences: theirs since the form was opened, and what was asked for. */
  | { kind: "conflict"; theirs: Revision; theirChanges: Change[]; yourChanges: Change[] }
  /** Nobody could read mail any more; that needs a word. */
  | { kind: "needs-authentication-only" }
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
    };

/** Longest reason that is kept; in characters. */
const LONGEST_REASON = 500;

/**
 * One save, from a patch to a daemon that obeys: parse, compare, check the candidate, write the revision, apply.
 * A state that Dovecot refuses never becomes wanted, so it can't block the next change.
 */
export async function saveMailserver(node: MailNode, request: SaveRequest): Promise<SaveResult> {
  const parsed = parsePatch(request.patch);
  if (!parsed.ok) return { kind: "invalid", problems: parsed.problems };
  if (request.reason.length > LONGEST_REASON) {
    return {
      kind: "invalid",
      problems: [{ key: "reason", message: `Keep the reason under ${LONGEST_REASON} characters.` }],
    };
  }
  return await whileAlone(node, request.actor, "saving the Mailserver Configuration", async () => {
    const result = await saveAlone(node, request, parsed.values);
    // A revision's own entry is written with it; this is for what was refused.
    if (result.kind !== "done") await audit(node.db, auditOf(request, result.kind, refusalSentences(result)));
    return result;
  });
}

async function saveAlone(
  node: MailNode,
  request: SaveRequest,
  patch: Partial<SettingsValues>,
): Promise<SaveResult> {
  const latest = await latestRevision(node.db);
  const base =
    request.baseRevision === undefined ? latest : await findRevision(node.db, request.baseRevision);
  if (!base)
    return {
      kind: "invalid",
      problems: [{ key: "", message: "The form names a revision that doesn't exist. Open the page again." }],
    };
  if (base.number !== latest.number) {
    return {
      kind: "conflict",
      theirs: latest,
      theirChanges: changesBetween(base.values, latest.values),
      yourChanges: changesBetween(base.values, { ...base.values, ...patch }),
    };
  }
  const values: SettingsValues = { ...latest.values, ...patch };
  const changes = changesBetween(latest.values, values);
  const closesAll = !values.imap && !values.pop3 && changes.length > 0;
  if (closesAll && !request.authenticationOnly) return { kind: "needs-authentication-only" };

  const preparation = await prepare(node.ports, values, await readInForce(node));
  const edited = preparation.ok && preparation.prepared.edited && !request.replaceEdited;
  if (!preparation.ok) return { kind: "refused", problems: preparation.problems };
  if (edited) return { kind: "refused", problems: [EDITED] };

  const saved =
    changes.length > 0
      ? await node.db.$transaction(async (write) => {
          const sentences = [`Revision ${latest.number + 1}`, ...changes.map(({ sentence }) => sentence)];
          await audit(write, auditOf(request, "saved", sentences));
          return await addRevision(write, {
            number: latest.number + 1,
            values,
            actor: request.actor,
            reason: request.reason,
          });
        })
      : undefined;
  const wanted = saved?.number ?? latest.number;
  const { revision: _, ...applied } = await commitRevision(node, request.actor, wanted, preparation, request);
  return { kind: "done", saved, changes, wanted, ...applied };
}

function auditOf({ actor, reason }: SaveRequest, outcome: string, sentences: readonly string[]): AuditEvent {
  return {
    actor,
    action: "mailserver.save",
    outcome,
    sentences: [...sentences, ...(reason === "" ? [] : [`Reason: ${reason}`])],
  };
}

function refusalSentences(result: Exclude<SaveResult, { kind: "done" }>): string[] {
  switch (result.kind) {
    case "conflict":
      return [`Revision ${result.theirs.number} by ${result.theirs.author} came between.`];
    case "invalid":
    case "refused":
      return result.problems.map(({ message }) => message);
    case "needs-authentication-only":
      return ["Closing every protocol was not confirmed."];
  }
}
