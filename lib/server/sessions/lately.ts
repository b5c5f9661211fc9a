import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { type OpenSession, openSessions } from "@/lib/system/dovecot/sessions";

type Answer = Promise<readonly OpenSession[] | undefined>;

/** So long an answer is given again: a page asks several times, and many people look at once. */
const LATELY_MS = 300;

/** Next may load this module more than once in one process. */
const shared = globalThis as { portcullisSessionsLately?: Map<string, Answer> };

/**
 * Who is connected, at most 300 ms ago: for what is only shown. Asking starts a process each time. What ends sessions asks
 * anew. Undefined when the daemon can't be asked.
 */
export function sessionsLately(instance: DovecotInstance): Answer {
  shared.portcullisSessionsLately ??= new Map();
  const known = shared.portcullisSessionsLately;
  const before = known.get(instance.configFile);
  if (before) return before;
  const answer = openSessions(instance);
  known.set(instance.configFile, answer);
  const forget = () => {
    if (known.get(instance.configFile) === answer) known.delete(instance.configFile);
  };
  answer.then(() => setTimeout(forget, LATELY_MS).unref(), forget);
  return answer;
}
