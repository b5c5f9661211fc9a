import { execa } from "execa";

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface RunOptions {
  timeoutMs: number;
  /** Run as this user; only root may. */
  as?: { uid: number; gid: number } | undefined;
}

/** Debian keeps the daemons in sbin, which an ordinary user's PATH lacks. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs a program as a child of this very process. */
export async function runHere(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const result = await execa(program, args, {
    reject: false,
    extendEnv: false,
    env: { PATH, LC_ALL: "C.UTF-8" },
    timeout: options.timeoutMs,
    forceKillAfterDelay: 500,
    stdin: "ignore",
    // The caller's folder may be closed to the user that the program runs as.
    cwd: "/",
    ...options.as,
  });
  return {
    exitCode: result.exitCode ?? 255,
    stdout: result.stdout,
    stderr:
      result.stderr ||
      (result.exitCode === undefined && !result.timedOut ? (result.originalMessage ?? "") : ""),
    timedOut: result.timedOut,
  };
}
