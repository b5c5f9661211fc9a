import { foldName } from "../access/name";
import type { Security } from "../use/security";
import type { SessionQuery } from "./query";

interface SessionLike {
  username: string;
  protocol: string;
  ip: string;
  /** Undefined where it isn't known. */
  security: Security | undefined;
  idleS: number | undefined;
}

/** What isn't known matches no idle time. */
export function matchesSession(query: SessionQuery, session: SessionLike): boolean {
  const { q, protocol, from, security, idle } = query;
  return (
    foldName(session.username).includes(q) &&
    (protocol === undefined || session.protocol === protocol) &&
    (from === undefined || session.ip.toLowerCase().startsWith(from)) &&
    (security === undefined || (session.security ?? "unknown") === security) &&
    (idle === undefined || (session.idleS !== undefined && session.idleS >= idle * 60))
  );
}
