import { database } from "../database/client";
import { log } from "../log";

/** How exactly the last use of a session is known. */
const STEP_MS = 60_000;
const MOST_REMEMBERED = 10_000;

const shared = globalThis as { portcullisSessionUse?: Map<string, number> };

/** Notes that a session is in use, at most once a minute. Nobody waits for it: a page must come without it as well. */
export function noteUse(sessionId: string): void {
  shared.portcullisSessionUse ??= new Map();
  const noted = shared.portcullisSessionUse;
  const now = Date.now();
  if (now - (noted.get(sessionId) ?? 0) < STEP_MS) return;
  if (noted.size >= MOST_REMEMBERED) noted.clear();
  noted.set(sessionId, now);
  database()
    .session.updateMany({ where: { id: sessionId }, data: { lastUsedAt: new Date(now) } })
    .catch((error: unknown) => log.warn({ err: error }, "The use of a session can't be noted"));
}
