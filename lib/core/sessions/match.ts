import { foldName } from "../access/name";
import type { SessionQuery } from "./query";

interface SessionLike {
  username: string;
  protocol: string;
  ip: string;
}

export function matchesSession({ q, protocol, from }: SessionQuery, session: SessionLike): boolean {
  return (
    foldName(session.username).includes(q) &&
    (protocol === undefined || session.protocol === protocol) &&
    (from === undefined || session.ip.toLowerCase().startsWith(from))
  );
}
