import { parseAddress } from "@/lib/core/access/name";
import { matchesSession } from "@/lib/core/sessions/match";
import type { SessionQuery } from "@/lib/core/sessions/query";
import { type OpenSession, openSessions } from "@/lib/system/dovecot/sessions";
import { startedAt } from "@/lib/system/processes";
import type { MailNode } from "../node";
import { type KnownSession, withKnown } from "./known";

export interface Session extends KnownSession {
  /**
   * When it signed in; where the log didn't tell, when its process began: with Dovecot's defaults each session has one of its
   * own. Undefined when it is gone.
   */
  since: Date | undefined;
  /** The account, folded; undefined for a name that no account can have. */
  address: string | undefined;
}

/** By which sessions are ordered. */
type SessionPlace = Pick<OpenSession, "username" | "protocol" | "pid">;

export interface SessionList {
  /** Of all protocols, whatever is filtered; the most first. */
  counts: { protocol: string; open: number }[];
  matching: number;
  /** The first of those that match, by name, protocol and process. */
  sessions: Session[];
}

/** Who is connected now, as `who` tells; undefined when the daemon can't be asked. */
export async function listSessions(
  node: Pick<MailNode, "instance" | "db" | "scope">,
  query: SessionQuery,
  limit: number,
  /** Only what comes after this one. */
  after?: SessionPlace,
  who = openSessions,
): Promise<SessionList | undefined> {
  const found = await who(node.instance);
  if (!found) return undefined;
  const open = await withKnown(node, found);
  const counts = new Map<string, number>();
  for (const { protocol } of open) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  const matching = open.filter((session) => matchesSession(query, session)).toSorted(inOrder);
  return {
    counts: [...counts]
      .map(([protocol, count]) => ({ protocol, open: count }))
      .toSorted((a, b) => b.open - a.open || a.protocol.localeCompare(b.protocol)),
    matching: matching.length,
    sessions: await Promise.all(
      (after ? matching.filter((session) => inOrder(session, after) > 0) : matching)
        .slice(0, limit)
        .map(async (session) => ({
          ...session,
          since: session.signedInAt ?? (await startedAt(session.pid)),
          address: addressOf(session),
        })),
    ),
  };
}

function addressOf({ username }: OpenSession): string | undefined {
  const parsed = parseAddress(username);
  return parsed.ok ? parsed.name : undefined;
}

function inOrder(a: SessionPlace, b: SessionPlace): number {
  return a.username.localeCompare(b.username) || a.protocol.localeCompare(b.protocol) || a.pid - b.pid;
}
