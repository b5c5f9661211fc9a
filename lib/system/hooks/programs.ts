import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { errorCode } from "../files";
import { PATH } from "../run-here";

/** A program that prints more is ended. In bytes. */
const MOST_OUTPUT = 16 * 1024 * 1024;

export interface HookProgram {
  name: string;
  path: string;
  /** Why it may not be run; undefined when it may. */
  unsafe: string | undefined;
}

/** What is in a folder to be run, by name. Whoever could write it could run anything as this process: such files are refused. */
export async function hookPrograms(folder: string): Promise<HookProgram[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  const folderTrouble = await troubleOf(folder);
  return await Promise.all(
    names
      .filter((name) => !/^\.|~$|\.(?:bak|disabled|sample)$/.test(name))
      .toSorted()
      .map(async (name) => {
        const path = join(folder, name);
        return { name, path, unsafe: folderTrouble ?? (await troubleOf(path, true)) };
      }),
  );
}

const WRITABLE_BY_OTHERS = 0o022;
const EXECUTABLE = 0o111;

async function troubleOf(path: string, isProgram = false): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return `${path} can't be read`;
  const { uid, mode } = facts;
  if (uid !== 0 && uid !== process.getuid?.()) return `${path} belongs to somebody else`;
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return `${path} can be written by others`;
  if (isProgram && (mode & EXECUTABLE) === 0) return `${path} can't be executed`;
  return undefined;
}

export interface HookRun {
  exitCode: number | undefined;
  /** What it printed: standard output, else what it complained about. */
  said: string;
  timedOut: boolean;
}

/** Runs a program with the event on its standard input: no shell, no inherited environment, a time limit. Never throws. */
export async function runHook(
  { path }: HookProgram,
  input: string,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<HookRun> {
  // A group of its own: what it started ends with it, and can't keep its output open.
  const child = execa(path, [], {
    reject: false,
    extendEnv: false,
    env: { PATH, LC_ALL: "C.UTF-8", ...environment },
    input,
    maxBuffer: MOST_OUTPUT,
    cwd: "/",
    detached: true,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child.pid);
  }, timeoutMs);
  const result = await child;
  clearTimeout(timer);
  const said =
    result.stdout || result.stderr || (result.exitCode === undefined ? (result.originalMessage ?? "") : "");
  return { exitCode: result.exitCode, said, timedOut };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
