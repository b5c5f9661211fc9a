import type { SessionJson } from "@/lib/core/api/answers/sessions";
import type { Session } from "./list";

/** A session for scripts and the API: names and types are a promise (docs/cli.md). */
export function sessionFacts({
  username,
  protocol,
  ip,
  pid,
  since,
  security,
  tlsVersion,
  idleS,
}: Session): SessionJson {
  return {
    username,
    protocol,
    ip,
    pid,
    since: since?.toISOString() ?? null,
    security: security ?? null,
    tlsVersion,
    idleS: idleS ?? null,
  };
}
