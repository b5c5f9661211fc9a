import { database } from "../database/client";
import { log } from "../log";

/** How exactly the last use of a session is known. */
const STEP_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** Uses of so long are written together: each write by itself would hold up everybody until the disk has it. */
const TOGETHER_MS = 5000;

interface Uses {
  /** When each session's use was last noted. */
  noted: Map<string, number>;
  /** Those that are written next. */
  unwritten: Set<string>;
}

const shared = globalThis as { portcullisSessionUses?: Uses };

/** Notes that a session is in use, at most once a minute. Nobody waits for it: a page must come without it as well. */
export function noteUse(sessionId: string): void {
  shared.portcullisSessionUses ??= { noted: new Map(), unwritten: new Set() };
  const { noted, unwritten } = shared.portcullisSessionUses;
  const now = Date.now();
  if (now - (noted.get(sessionId) ?? 0) < STEP_MS) return;
  if (noted.size >= MOST_REMEMBERED) noted.clear();
  noted.set(sessionId, now);
  unwritten.add(sessionId);
  if (unwritten.size === 1) setTimeout(() => writeUses(unwritten), TOGETHER_MS).unref();
}

function writeUses(unwritten: Set<string>): void {
  const ids = [...unwritten];
  unwritten.clear();
  database()
    .session.updateMany({ where: { id: { in: ids } }, data: { lastUsedAt: new Date() } })
    .catch((error: unknown) => log.warn({ err: error }, "The use of sessions can't be noted"));
}
