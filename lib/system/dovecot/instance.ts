import { type ChildProcessByStdio, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { HelperAddress } from "../helper/client";
import { run } from "../run";
import { PATH, type Ran } from "../run-here";

/**
 * One Dovecot on this machine. Paths are as Dovecot sees them; where it lives in a folder of its own (another
 * release's packages, unpacked), `root` stands before them.
 */
export interface DovecotInstance {
  /** "" for the machine's own file system, else the folder that Dovecot is changed into. */
  root: string;
  configFile: string;
  /** Holds sockets and master.pid. Kept here, because a broken file on disk makes Dovecot's tools tell nothing. */
  baseDir: string;
  /** Where a copy of the tree is staged for checking; readable by Dovecot. */
  stagingDir: string;
  /** Run the daemon's programs as this user when we are root. */
  user?: { uid: number; gid: number } | undefined;
  /** Set where this process has no right to the daemon: its programs are run and its sockets asked by the helper. */
  helper?: HelperAddress | undefined;
}

const GENERATED = "portcullis";

export function generatedDir(instance: DovecotInstance): string {
  return join(dirname(instance.configFile), GENERATED);
}

/** The path by which this process reaches one of Dovecot's files. */
export function outside(instance: DovecotInstance, path: string): string {
  return instance.root === "" ? path : join(instance.root, path);
}

/** The argument vector that runs one of Dovecot's programs where and as whom it must. */
export function commandFor(
  instance: DovecotInstance,
  program: string,
  args: readonly string[],
): { program: string; args: string[]; as?: { uid: number; gid: number } | undefined } {
  const isRoot = process.getuid?.() === 0;
  if (instance.root === "") return { program, args: [...args], as: isRoot ? instance.user : undefined };
  if (isRoot) {
    const user = instance.user ? [`--userspec=${instance.user.uid}:${instance.user.gid}`] : [];
    return { program: "chroot", args: [...user, instance.root, program, ...args] };
  }
  // An ordinary user may change the root inside a user namespace of his own.
  return {
    program: "unshare",
    args: ["--map-current-user", "--keep-caps", "chroot", instance.root, program, ...args],
  };
}

export async function runDovecot(
  instance: DovecotInstance,
  program: "dovecot" | "doveconf" | "doveadm",
  args: readonly string[],
  timeoutMs: number,
): Promise<Ran> {
  const command = commandFor(instance, program, args);
  return await run(command.program, command.args, { timeoutMs, as: command.as });
}

/** Starts one of Dovecot's programs whose answer is too long to wait for: it is read as it comes. */
export function spawnDovecot(
  instance: DovecotInstance,
  program: "doveadm",
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  const command = commandFor(instance, program, args);
  return spawn(command.program, command.args, {
    env: { PATH, LC_ALL: "C.UTF-8", NODE_ENV: "production" },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    ...command.as,
  });
}
