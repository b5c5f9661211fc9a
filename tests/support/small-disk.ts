import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Mounting takes root, and a machine that lets it. */
export function mountWorks(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    mountSmallDisk("/mnt", "64k");
    unmount("/mnt");
    return true;
  } catch {
    return false;
  }
}

/** An empty file system of its own over a folder. */
export function mountSmallDisk(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", folder], { stdio: "ignore" });
}

export function unmount(folder: string): void {
  execFileSync("umount", ["-l", folder]);
}

/** Takes all the room that is left, but so many bytes; the file goes when the answer is called. */
export function fillUp(folder: string, freeBytes = 0): () => void {
  const filler = join(folder, "filler");
  const spare = join(folder, "filler-spare");
  writeFileSync(spare, Buffer.alloc(freeBytes));
  for (let size = 1024 * 1024; size >= 4096; size /= 4) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: "a" });
    } catch {
      // Full, for pieces of this size.
    }
  }
  rmSync(spare);
  return () => rmSync(filler, { force: true });
}

/** Puts a small file system over a folder, with what was in it, and fills it up. */
export async function onFullDisk(folder: string, action: () => Promise<void>): Promise<void> {
  const kept = `${folder}.kept`;
  execFileSync("cp", ["-a", folder, kept]);
  mountSmallDisk(folder, "256k");
  try {
    execFileSync("cp", ["-a", `${kept}/.`, folder]);
    fillUp(folder);
    await action();
  } finally {
    unmount(folder);
    rmSync(kept, { recursive: true });
  }
}

/** Nothing below a folder can be written meanwhile, not by root either. */
export async function onReadOnly(folder: string, action: () => Promise<void>): Promise<void> {
  execFileSync("mount", ["--bind", folder, folder]);
  try {
    execFileSync("mount", ["-o", "remount,bind,ro", folder]);
    await action();
  } finally {
    unmount(folder);
  }
}
