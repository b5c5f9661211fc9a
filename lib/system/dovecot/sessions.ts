import { MOST_SESSIONS } from "@/lib/core/helper/requests";
import { errorCode } from "../files";
import { askHelper, type HelperAddress } from "../helper/client";
import { parentOf, programOf } from "../processes";
import { masterPid } from "./daemon";
import { type DovecotInstance, runDovecot } from "./instance";

const WHO_TIMEOUT_MS = 15_000;

export interface OpenSession {
  username: string;
  protocol: string;
  pid: number;
  ip: string;
}

/** Who is connected now; undefined when the daemon can't be asked. One row a session: 2.3's grouped JSON is broken. */
export async function openSessions(instance: DovecotInstance): Promise<OpenSession[] | undefined> {
  if (instance.helper) return (await askHelper(instance.helper, { ask: "who" })) ?? undefined;
  const args = ["-c", instance.configFile, "-f", "tab", "who", "-1"];
  const { exitCode, stdout } = await runDovecot(instance, "doveadm", args, WHO_TIMEOUT_MS);
  if (exitCode !== 0) return undefined;
  const [head = "", ...rows] = stdout.split("\n");
  const columns = head.split("\t");
  return rows.filter(Boolean).map((row) => {
    const cells = row.split("\t");
    const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
    return {
      username: cell("username"),
      // 2.3 calls the column proto, 2.4 service.
      protocol: cell("proto") || cell("service"),
      pid: Number(cell("pid")),
      ip: cell("ip"),
    };
  });
}

/** Ends the sessions of one protocol. Returns how many. */
export async function endSessions(instance: DovecotInstance, protocol: string): Promise<number> {
  const sessions = (await openSessions(instance)) ?? [];
  return await endSessionsOf(
    instance,
    sessions.filter((session) => session.protocol === protocol),
  );
}

/** The program of a protocol's sessions, where it isn't called like it. */
const PROGRAMS: Readonly<Record<string, string>> = { sieve: "managesieve" };

/**
 * Ends sessions by ending their processes: `doveadm kick` knows no protocol. Each pid is looked at again just before, so
 * that a number that was reused since is left alone. Returns how many.
 */
export async function endSessionsOf(
  instance: DovecotInstance,
  sessions: readonly OpenSession[],
): Promise<number> {
  if (instance.helper) return await askToEnd(instance.helper, sessions);
  const master = await masterPid(instance);
  if (master === undefined) return 0;
  let ended = 0;
  for (const [pid, { protocol }] of new Map(sessions.map((session) => [session.pid, session]))) {
    if ((await programOf(pid)) !== (PROGRAMS[protocol] ?? protocol) || (await parentOf(pid)) !== master)
      continue;
    try {
      process.kill(pid, "SIGTERM");
      ended++;
    } catch (error) {
      if (errorCode(error) !== "ESRCH") throw error;
    }
  }
  return ended;
}

async function askToEnd(helper: HelperAddress, sessions: readonly OpenSession[]): Promise<number> {
  let ended = 0;
  for (let from = 0; from < sessions.length; from += MOST_SESSIONS) {
    const part = sessions.slice(from, from + MOST_SESSIONS);
    const named = part.map(({ pid, username, protocol }) => ({ pid, username, protocol }));
    ended += await askHelper(helper, { ask: "kick", sessions: named });
  }
  return ended;
}
