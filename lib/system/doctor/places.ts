import { lstat, statfs } from "node:fs/promises";
import { errorCode } from "../files";

export interface Place {
  uid: number;
  /** Permission bits only. */
  mode: number;
  isFolder: boolean;
}

/** Owner and mode of a path, a link's own; undefined where there is none. */
export async function placeAt(path: string): Promise<Place | undefined> {
  try {
    const found = await lstat(path);
    return { uid: found.uid, mode: found.mode & 0o7777, isFolder: found.isDirectory() };
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** statfs(2), `f_type`: where SQLite's locks can't be relied on, and where nothing outlives a restart. */
const KINDS: Readonly<Record<number, { name: string; kind: "network" | "memory" }>> = {
  0x6969: { name: "NFS", kind: "network" },
  0x517b: { name: "SMB", kind: "network" },
  0xff534d42: { name: "CIFS", kind: "network" },
  0xfe534d42: { name: "SMB", kind: "network" },
  0x00c36400: { name: "Ceph", kind: "network" },
  0x01021997: { name: "9P", kind: "network" },
  0x6b414653: { name: "AFS", kind: "network" },
  0x01021994: { name: "tmpfs", kind: "memory" },
  0x858458f6: { name: "ramfs", kind: "memory" },
};

export interface FileSystem {
  /** `local` for all that isn't known to be another. */
  kind: "local" | "network" | "memory";
  name: string;
  freeBytes: number;
  freeFiles: number;
  /** 0 where it has no such limit. */
  files: number;
}

export async function fileSystemAt(path: string): Promise<FileSystem> {
  const { type, bavail, bsize, ffree, files } = await statfs(path);
  const { name, kind } = KINDS[type] ?? { name: "", kind: "local" as const };
  return { kind, name, freeBytes: bavail * bsize, freeFiles: ffree, files };
}
