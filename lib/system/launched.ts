import { type ChildProcess, fork } from "node:child_process";
import { PATH, type Ran, type RunOptions } from "./run-here";

/** What the launcher is asked (bin/launcher.ts). */
export interface Asked {
  id: number;
  program: string;
  args: readonly string[];
  options: RunOptions;
}

interface Launcher {
  child: ChildProcess;
  waiting: Map<number, (ran: Ran) => void>;
}

/** Next may load this module more than once in one process; there is one launcher all the same. */
const shared = globalThis as { portcullisLauncher?: Launcher; portcullisLaunches?: number };

/** Has a program run by the launcher, which is started when it is first needed, and anew when it is gone. */
export function runLaunched(
  launcher: string,
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  shared.portcullisLauncher ??= startLauncher(launcher);
  const { child, waiting } = shared.portcullisLauncher;
  const id = (shared.portcullisLaunches ?? 0) + 1;
  shared.portcullisLaunches = id;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    // Where it can't be told any more, its end is told to all who wait.
    child.send({ id, program, args, options } satisfies Asked, () => {});
  });
}

function startLauncher(launcher: string): Launcher {
  const waiting: Launcher["waiting"] = new Map();
  const child = fork(launcher, [], {
    env: { PATH, LC_ALL: "C.UTF-8", NODE_ENV: "production" },
    execArgv: [],
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // It ends with the web server and doesn't keep it.
  child.unref();
  child.channel?.unref();
  child.on("message", ({ id, ran }: { id: number; ran: Ran }) => {
    waiting.get(id)?.(ran);
    waiting.delete(id);
  });
  const gone = () => {
    if (shared.portcullisLauncher?.child === child) delete shared.portcullisLauncher;
    const stderr = "The process that starts programs ended before this one was known to have ended.";
    for (const resolve of waiting.values()) resolve({ exitCode: 255, stdout: "", stderr, timedOut: false });
    waiting.clear();
  };
  child.on("error", gone);
  child.on("exit", gone);
  return { child, waiting };
}
