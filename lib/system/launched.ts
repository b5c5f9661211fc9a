import { type ChildProcess, fork } from "node:child_process";
import { PATH, type Ran, type RunOptions, runHere } from "./run-here";

/** What the launcher is asked (bin/launcher.ts). */
export interface Asked {
  id: number;
  program: string;
  args: readonly string[];
  options: RunOptions;
}

/** What it says: first of all that it is there, then what came of each program. */
export type Said = "ready" | { id: number; ran: Ran };

interface Launcher {
  child: ChildProcess;
  /** By the ids of what it was asked. "never" where it never was there, and nothing was started. */
  waiting: Map<number, (ran: Ran | "never") => void>;
  last: number;
}

/** It ends a program that is late by itself; when it says nothing even then, it hangs. */
const GRACE_MS = 5000;

/** Next may load this module more than once in one process; there is one launcher all the same. */
const shared = globalThis as { portcullisLauncher?: Launcher };

/**
 * Has a program run by the launcher, which is started when it is first needed, and anew when it is gone. Where it can't be
 * started, the program is run as it would be without one.
 */
export async function runLaunched(
  launcher: string,
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  const ran = await ask(launcher, { program, args, options });
  return ran === "never" ? await runHere(program, args, options) : ran;
}

async function ask(launcher: string, asked: Omit<Asked, "id">): Promise<Ran | "never"> {
  try {
    shared.portcullisLauncher ??= startLauncher(launcher);
    const { child, waiting, last } = shared.portcullisLauncher;
    const id = last + 1;
    shared.portcullisLauncher.last = id;
    // Too many open files: nothing can be started from here either.
    if (child.pid === undefined) throw new Error("No process can be started.");
    return await new Promise((resolve) => {
      // Where it can't be told any more, its end is told to all who wait.
      child.send({ id, ...asked } satisfies Asked, () => {});
      const late = setTimeout(() => {
        waiting.get(id)?.(LATE);
        child.kill("SIGKILL");
      }, asked.options.timeoutMs + GRACE_MS);
      waiting.set(id, (ran) => {
        clearTimeout(late);
        waiting.delete(id);
        resolve(ran);
      });
    });
  } catch (error) {
    return { ...ENDED, stderr: error instanceof Error ? error.message : String(error) };
  }
}

function startLauncher(launcher: string): Launcher {
  const waiting: Launcher["waiting"] = new Map();
  const child = fork(launcher, [], {
    env: { PATH, LC_ALL: "C.UTF-8", NODE_ENV: "production" },
    execArgv: [],
    cwd: "/",
    // What it complains about stands with what the web server does.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // It ends with the web server and doesn't keep it.
  child.unref();
  child.channel?.unref();
  let isReady = false;
  child.on("message", (said: Said) => {
    if (said === "ready") {
      isReady = true;
      return;
    }
    waiting.get(said.id)?.(said.ran);
  });
  const gone = () => {
    if (shared.portcullisLauncher?.child === child) delete shared.portcullisLauncher;
    for (const settle of waiting.values()) settle(isReady ? ENDED : "never");
  };
  child.on("error", gone);
  // Not its exit, which may be known before the last that it said was read.
  child.on("disconnect", gone);
  return { child, waiting, last: 0 };
}

/** It was there: what it was asked may have been started. */
const ENDED: Ran = {
  exitCode: 255,
  stdout: "",
  stderr: "The process that starts programs ended before this one was known to have ended.",
  timedOut: false,
};
const LATE: Ran = { exitCode: 255, stdout: "", stderr: "", timedOut: true };
