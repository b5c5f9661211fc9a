import { open, stat } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import type { Answer } from "@/lib/core/apply/ports";
import { readIfThere } from "../files";
import { programOf } from "../processes";
import { type DovecotInstance, outside, runDovecot } from "./instance";

const DOVEADM_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 1000;

/** The pid of the running master, or nothing. A pid that was given to another program since doesn't count. */
export async function masterPid(instance: DovecotInstance): Promise<number | undefined> {
  const pid = Number((await readIfThere(outside(instance, join(instance.baseDir, "master.pid"))))?.trim());
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return (await programOf(pid)) === "dovecot" ? pid : undefined;
}

/**
 * Which load of the mark's file the running master is on: it answers on the mark's socket (`connect()`, because a
 * dead master leaves the socket's file behind), and the moment it made the socket tells two loads of the same
 * file apart (the inode doesn't: it is used again).
 */
export async function loadOf(instance: DovecotInstance, mark: string): Promise<string | undefined> {
  let folder: Awaited<ReturnType<typeof open>>;
  try {
    folder = await open(outside(instance, instance.baseDir), "r");
  } catch {
    return undefined;
  }
  try {
    // A socket's path may have 107 bytes; by way of the open folder any depth is reached.
    const path = `/proc/self/fd/${folder.fd}/${mark}`;
    if (!(await connects(path))) return undefined;
    return await stat(path, { bigint: true }).then(
      ({ ctimeNs }) => String(ctimeNs),
      () => undefined,
    );
  } finally {
    await folder.close();
  }
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

export async function reload(instance: DovecotInstance): Promise<Answer> {
  return await doveadm(instance, ["reload"]);
}

export async function stopServices(instance: DovecotInstance, names: readonly string[]): Promise<Answer> {
  return await doveadm(instance, ["service", "stop", ...names]);
}

async function doveadm(instance: DovecotInstance, args: readonly string[]): Promise<Answer> {
  const ran = await runDovecot(instance, "doveadm", ["-c", instance.configFile, ...args], DOVEADM_TIMEOUT_MS);
  if (ran.exitCode === 0) return { ok: true, message: "" };
  const said = ran.timedOut
    ? `no answer within ${DOVEADM_TIMEOUT_MS / 1000} seconds`
    : ran.stderr.trim().split("\n").at(-1);
  return {
    ok: false,
    message: `"doveadm ${args.join(" ")}" failed: ${said || `exit code ${ran.exitCode}`}.`,
  };
}
