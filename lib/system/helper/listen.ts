import { once } from "node:events";
import { chmod, chown, lchown, lstat, mkdir, rm } from "node:fs/promises";
import { createConnection, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { requireOwn } from "./safe-path";

/** The folder lets only root and the group in, so that there is no moment at which others could reach the socket. */
const FOLDER_MODE = 0o750;
const SOCKET_MODE = 0o660;
/** What a new file never has: nothing for others. */
const UMASK = 0o117;

/**
 * Makes folder and socket and listens. Node can't ask a socket who is at its other end, so that the modes say who may speak
 * (docs/decisions/061).
 * @throws MachineFailure when the folder is anybody else's, or another helper listens there.
 */
export async function listenAt(server: Server, path: string, group: number): Promise<void> {
  const folder = dirname(path);
  const own = process.getuid?.() ?? 0;
  await mkdir(folder, { mode: 0o700 }).catch(() => {});
  await requireOwn(folder);
  const { uid, gid, mode } = await lstat(folder);
  if (uid !== own) throw new MachineFailure(`${folder} belongs to user ${uid}, and must to the helper's.`);
  if (gid !== group) await chown(folder, own, group);
  if ((mode & 0o777) !== FOLDER_MODE) await chmod(folder, FOLDER_MODE);
  await removeStale(path);
  const before = process.umask(UMASK);
  // The socket is made in this very call.
  server.listen(path);
  process.umask(before);
  await once(server, "listening");
  // Until here it is root's group's, which is narrower.
  await lchown(path, own, group);
  const made = await lstat(path);
  if (!made.isSocket() || (made.mode & 0o777) !== SOCKET_MODE || made.gid !== group)
    throw new MachineFailure(`${path} could not be made as it must be.`);
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new MachineFailure(`${path} is there and is no socket. Remove it.`);
  if (await answers(path)) throw new MachineFailure(`Another helper listens at ${path} already.`);
  await rm(path);
}

async function answers(path: string): Promise<boolean> {
  const socket: Socket = createConnection({ path });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
