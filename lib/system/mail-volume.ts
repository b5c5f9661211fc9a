import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Volume } from "@/lib/core/volume";
import { type DovecotInstance, outside } from "./dovecot/instance";

/** The volume that holds a folder of Dovecot's, or will: a folder that isn't there yet lies on its parent's. */
export async function volumeAt(instance: DovecotInstance, folder: string): Promise<Volume | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(outside(instance, path));
      return {
        folder,
        sizeBytes: blocks * bsize,
        usedBytes: (blocks - bfree) * bsize,
        freeBytes: bavail * bsize,
        files,
        freeFiles: ffree,
      };
    } catch {
      if (path === "/") return undefined;
    }
  }
}
