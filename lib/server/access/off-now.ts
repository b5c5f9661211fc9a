import { decide, type Layers } from "@/lib/core/access/decide";
import { foldName } from "@/lib/core/access/name";
import type { Policy, Protocol, Rank } from "@/lib/core/access/rules";
import { domainOfSubject, levelOf, type Subject } from "@/lib/core/access/subject";
import { endSessionsOf, type OpenSession, openSessions } from "@/lib/system/dovecot/sessions";
import { audit } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { changeAccess } from "./change";
import type { Expected } from "./expected";
import { layersOf } from "./layers";

/** A step of it, and how it went. */
export interface OffStep {
  step: "deny" | "flush" | "end-sessions";
  ok: boolean;
  sentence: string;
}

/** Of the open sessions those of a subject in one protocol. */
export function sessionsOf(all: readonly OpenSession[], subject: Subject, protocol: Protocol): OpenSession[] {
  return all.filter((session) => session.protocol === protocol && isAbout(session, subject));
}

/** Those of a subject's open sessions that off-now would end: of a domain not those whose account is allowed by itself. */
export async function sessionsToEnd(
  node: MailNode,
  open: readonly OpenSession[],
  subject: Subject,
  protocol: Protocol,
): Promise<OpenSession[]> {
  return await deniedAmong(node, open, protocol, (layers) => withDenied(layers, subject, protocol));
}

function withDenied(layers: Layers, subject: Subject, protocol: Protocol): Layers {
  const level = levelOf(subject);
  const others = layers.policies[level].filter((policy) => policy.protocol !== protocol);
  const deny: Policy = { protocol, state: "deny", until: null, by: { actor: "", at: "", reason: "" } };
  return { ...layers, policies: { ...layers.policies, [level]: [...others, deny] } };
}

async function deniedAmong(
  node: MailNode,
  open: readonly OpenSession[],
  protocol: Protocol,
  seenAs: (layers: Layers) => Layers = (layers) => layers,
): Promise<OpenSession[]> {
  const names = [...new Set(open.map(({ username }) => foldName(username)))];
  const layers = await layersOf(node.db, names);
  const now = Date.now() / 1000;
  return open.filter(({ username }) => {
    const own = seenAs(layers(foldName(username)));
    return decide(protocol, own, now, tellInstant).effective === "deny";
  });
}

function isAbout({ username }: OpenSession, subject: Subject): boolean {
  const name = foldName(username);
  const level = levelOf(subject);
  if (level === "server") return true;
  return level === "domain" ? domainOfSubject(name) === domainOfSubject(subject) : name === subject;
}

export interface OffRequest {
  actor: Actor;
  rank: Rank;
  subject: Subject;
  protocol: Protocol;
  reason: string;
  expected?: readonly Expected[] | undefined;
}

export type OffResult =
  | Exclude<Awaited<ReturnType<typeof changeAccess>>, { kind: "done" }>
  | { kind: "done"; changeId: number | undefined; steps: OffStep[]; sessionsEnded: number };

/**
 * Off at once: denies the protocol, makes sure that no cached answer lets anybody in, and ends the sessions that are open,
 * each by its own process and only of that protocol.
 */
export async function offNow(node: MailNode, request: OffRequest): Promise<OffResult> {
  const { actor, rank, subject, protocol, reason, expected } = request;
  const changed = await changeAccess(node, {
    actor,
    rank,
    reason,
    edits: [{ kind: "policy", subject, protocol, state: "deny", until: null }],
    ...(expected ? { expected } : {}),
  });
  if (changed.kind !== "done") return changed;
  const name = protocol.toUpperCase();
  const steps: OffStep[] = [
    changed.enforced
      ? { step: "deny", ok: true, sentence: `${name} is denied: the next login is refused.` }
      : { step: "deny", ok: false, sentence: `Saved, and not enforced yet: ${changed.trouble}` },
    // The lookup is never answered from the auth cache (its query differs at every login, or is not cached at all).
    {
      step: "flush",
      ok: changed.enforced,
      sentence: "No cached answer can let anybody in: the access lookup is not cached.",
    },
  ];
  const end = await endDeniedSessions(node, request);
  return { kind: "done", changeId: changed.changeId, steps: [...steps, end.step], sessionsEnded: end.ended };
}

/** Ends the open sessions of a subject in one protocol that its rules now deny, and says so. */
export async function endDeniedSessions(
  node: MailNode,
  { actor, subject, protocol }: Pick<OffRequest, "actor" | "subject" | "protocol">,
): Promise<{ step: OffStep; ended: number }> {
  const ended = await endDenied(node, subject, protocol);
  if (ended === undefined) {
    const sentence = "The daemon can't be asked who is connected, so no session was ended.";
    return { step: { step: "end-sessions", ok: false, sentence }, ended: 0 };
  }
  const sentence = endedSentence(ended, protocol.toUpperCase());
  await audit(node.db, { actor, action: "sessions.end", outcome: "done", subject, sentences: [sentence] });
  return { step: { step: "end-sessions", ok: true, sentence }, ended };
}

/** A login that was let in just before the rule shows itself a moment later. */
const ROUNDS = 3;
const PAUSE_MS = 100;

/** Ends the subject's sessions that a rule now denies: of a domain not those whose account is allowed by itself. */
async function endDenied(node: MailNode, subject: Subject, protocol: Protocol): Promise<number | undefined> {
  let ended = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await node.ports.wait(PAUSE_MS);
    const all = await openSessions(node.instance);
    const open = all && sessionsOf(all, subject, protocol);
    if (!open) return undefined;
    ended += await endSessionsOf(node.instance, await deniedAmong(node, open, protocol));
  }
  return ended;
}

function endedSentence(count: number, name: string): string {
  if (count === 0) return `No ${name} session was open.`;
  return `${count} open ${name} ${count === 1 ? "session was" : "sessions were"} ended.`;
}
