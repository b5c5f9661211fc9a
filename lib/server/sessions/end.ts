import { matchesSession, type SessionQuery, sessionQuery } from "@/lib/core/sessions/query";
import { endSessionsOf, type OpenSession, openSessions } from "@/lib/system/dovecot/sessions";
import { audit } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";

/** One session, by its process and whose it was when it was seen: the number may be another's by now. */
export interface SessionKey {
  pid: number;
  username: string;
}

/** Ends sessions, each by its own process; nobody is kept from signing in again. Undefined when the daemon can't be asked. */
export async function endMatching(
  node: MailNode,
  actor: Actor,
  which: SessionQuery | SessionKey,
): Promise<number | undefined> {
  const open = await openSessions(node.instance);
  if (!open) return undefined;
  const ended = await endSessionsOf(node.instance, open.filter(chosenBy(which)));
  await audit(node.db, {
    actor,
    action: "sessions.end",
    outcome: "done",
    sentences: [endedSentence(ended), "pid" in which ? which.username : sessionQuery.search(which)],
  });
  return ended;
}

function chosenBy(which: SessionQuery | SessionKey): (session: OpenSession) => boolean {
  if (!("pid" in which)) return (session) => matchesSession(which, session);
  return ({ pid, username }) => pid === which.pid && username === which.username;
}

export function endedSentence(ended: number): string {
  if (ended === 0) return "No session was ended: none like that is open any more.";
  return `${ended.toLocaleString("en")} ${ended === 1 ? "session was" : "sessions were"} ended.`;
}
