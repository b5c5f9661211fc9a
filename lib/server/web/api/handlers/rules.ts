import type { z } from "zod";
import type { Edit, LiftEdit } from "@/lib/core/access/edits";
import { PROTOCOLS, type Rank } from "@/lib/core/access/rules";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import type { resumeBody, setBody, suspendBody } from "@/lib/core/api/routes/fields";
import { changeRules } from "../../../access/change-rules";
import { rulesOf } from "../../../access/rows";
import { changesSince, rulesVersion } from "../../../api/versions";
import type { Actor } from "../../../mailserver/revisions";
import type { MailNode } from "../../../node";
import { readUntil } from "../../../read-until";
import { invalid, Problem } from "../problem";

/** What a change of rules needs of a request. */
interface RulesContext {
  node: MailNode;
  actor: Actor;
  version: string | undefined;
}

interface Act {
  rank: Rank;
  subject: Subject;
  edits: readonly Edit[];
  reason: string;
  offNow: boolean;
  proof: boolean;
}

/** @throws Problem where it isn't done. */
export async function changed<S extends { contradicted: boolean; unproved: boolean }>(
  { node, actor, version }: RulesContext,
  act: Act,
  show: (ask: boolean) => Promise<S>,
) {
  const { subject } = act;
  const answer = await changeRules(
    node,
    {
      ...act,
      actor,
      // Also where somebody comes between the look and the change.
      onlyIf: async (write) =>
        version === undefined || String(await rulesVersion(write, subject)) === version,
    },
    show,
  );
  if (answer.kind === "not-allowed")
    throw new Problem("not-allowed", `${answer.sentence} Nothing was changed.`);
  if (answer.kind === "conflict") throw await staleRules(node, subject, version);
  return { done: answer.done, shown: answer.shown, etag: String(await rulesVersion(node.db, subject)) };
}

async function staleRules(node: MailNode, subject: Subject, version: string | undefined): Promise<Problem> {
  const current = String(await rulesVersion(node.db, subject));
  return new Problem(
    "stale",
    `The rules of ${subjectLabel(subject)} were changed in between. Nothing was changed.`,
    { etag: `"${current}"`, difference: await rulesDifference(node, subject, version) },
    { etag: `"${current}"` },
  );
}

export async function rulesDifference(node: MailNode, subject: Subject, version: string | undefined) {
  const seen = Number(version);
  return { changes: await changesSince(node, subject, Number.isSafeInteger(seen) ? seen : 0) };
}

export function setEdits(subject: Subject, body: z.output<typeof setBody>): Edit[] {
  const until = instantFrom(body.until);
  return PROTOCOLS.flatMap((protocol) => {
    const state = body[protocol];
    if (state === undefined) return [];
    return [{ kind: "policy" as const, subject, protocol, state, until: state === "inherit" ? null : until }];
  });
}

export function suspendEdits(subject: Subject, body: z.output<typeof suspendBody>, own: Rank): Edit[] {
  const { protocol, reason, ticket, until, mayResume = own } = body;
  return [{ kind: "suspend", subject, protocol, rank: mayResume, reason, ticket, until: instantFrom(until) }];
}

/** @throws Problem where there is nothing to lift. */
export async function liftEdits(
  node: MailNode,
  subject: Subject,
  { protocol, id }: z.output<typeof resumeBody>,
): Promise<LiftEdit[]> {
  const { suspensions } = await rulesOf(node.db, [subject]);
  const standing = suspensions.get(subject) ?? [];
  const meant = standing.filter((one) =>
    id === undefined ? protocol === "all" || one.protocol === protocol : one.id === id,
  );
  if (id !== undefined && meant.length === 0)
    throw new Problem("not-found", `${subjectLabel(subject)} has no suspension ${id}.`);
  return meant.map((one) => ({ kind: "lift", subject, id: one.id }));
}

/** In Unix seconds; null where none is named. */
export function instantFrom(text: string | null): number | null {
  if (text === null || text === "") return null;
  const read = readUntil(text);
  if (!read.ok) throw invalid([{ key: "until", message: read.message }]);
  return read.until;
}
