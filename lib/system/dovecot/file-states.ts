import { lstat } from "node:fs/promises";
import { errorCode } from "../files";
import { type DovecotInstance, outside } from "./instance";

export interface FileState {
  /** As Dovecot sees it. */
  path: string;
  /** `other`: a link, a folder or a device where a file is expected. */
  state: "file" | "missing" | "other";
  /** The daemon's user may read it, by its mode bits. */
  readable: boolean;
  /** Milliseconds since 1970 at which content, name or mode last changed. */
  changedMs: number;
  /** Another text means that it was touched. */
  print: string;
}

/** A look at files without reading them: cheap enough for every few seconds. */
export async function fileStates(instance: DovecotInstance, paths: readonly string[]): Promise<FileState[]> {
  return await Promise.all(paths.map((path) => stateOf(instance, path)));
}

async function stateOf(instance: DovecotInstance, path: string): Promise<FileState> {
  try {
    const found = await lstat(outside(instance, path));
    const { user } = instance;
    const bit = user && found.uid === user.uid ? 0o400 : user && found.gid === user.gid ? 0o040 : 0o004;
    return {
      path,
      state: found.isFile() ? "file" : "other",
      readable: !user || user.uid === 0 || (found.mode & bit) !== 0,
      changedMs: Math.max(found.mtimeMs, found.ctimeMs),
      print: [path, found.ino, found.size, found.mtimeMs, found.ctimeMs, found.mode].join(" "),
    };
  } catch (error) {
    const code = errorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EACCES") throw error;
    return { path, state: "missing", readable: false, changedMs: 0, print: `${path} ${code}` };
  }
}
