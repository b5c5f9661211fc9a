import { matchesSession } from "@/lib/core/sessions/match";
import { type SessionQuery, sessionQuery } from "@/lib/core/sessions/query";
import { endSessionsOf, openSessions } from "@/lib/system/dovecot/sessions";
import { audit } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { type KnownSession, withKnown } from "./known";

/** One session, by its process and whose it was when it was seen: the number may be another's by now. */
export interface SessionKey {
  pid: number;
  username: string;
}

export interface EndedSessions {
  ended: number;
  /** Still open: they share a process with others, or sleep in one (hibernation), or were gone by themselves. */
  left: number;
}

/** Ends sessions, each by its own process; nobody is kept from signing in again. Undefined when the daemon can't be asked. */
export async function endMatching(
  node: MailNode,
  actor: Actor,
  which: SessionQuery | SessionKey,
): Promise<EndedSessions | undefined> {
  const found = await openSessions(node.instance);
  if (!found) return undefined;
  const open = await withKnown(node, found);
  const chosen = open.filter(chosenBy(which));
  const names =
    "pid" in which ? `${which.username}, process ${which.pid}` : sessionQuery.search(which) || "all";
  // Before: whatever comes of it, it was asked for.
  const sentences = [`End ${chosen.length} open sessions: ${names}`];
  const subject = "pid" in which ? which.username : "";
  await audit(node.db, { actor, action: "sessions.end", outcome: "asked", subject, sentences });
  const inProcess = new Map<number, number>();
  // Of everybody: whose session shares a process with one of these must not be ended with it.
  for (const { pid } of found) inProcess.set(pid, (inProcess.get(pid) ?? 0) + 1);
  const alone = chosen.filter(({ pid }) => inProcess.get(pid) === 1);
  const ended = await endSessionsOf(node.instance, alone);
  const left = chosen.length - ended;
  await audit(node.db, {
    actor,
    action: "sessions.end",
    outcome: "done",
    subject,
    sentences: [endedSentence({ ended, left })],
    before: chosen.map(
      ({ username, protocol, ip, pid }) => `${username} by ${protocol} from ${ip}, process ${pid}`,
    ),
  });
  return { ended, left };
}

function chosenBy(which: SessionQuery | SessionKey): (session: KnownSession) => boolean {
  if (!("pid" in which)) return (session) => matchesSession(which, session);
  return ({ pid, username }) => pid === which.pid && username === which.username;
}

export function endedSentence({ ended, left }: EndedSessions): string {
  if (ended === 0 && left === 0) return "No session was ended: none like that is open any more.";
  const done = `${ended.toLocaleString("en")} ${ended === 1 ? "session was" : "sessions were"} ended.`;
  if (left === 0) return done;
  return `${done} ${left.toLocaleString("en")} ${left === 1 ? "was" : "were"} left: without a process of their own, asleep or in one with others, they can't be ended alone.`;
}
