import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { create, extract } from "tar";
import { MachineFailure } from "@/lib/core/apply/ports";
import { onDisk } from "../files";

const FILE_MODE = 0o600;

/** Packs these files of a folder into a .tar.gz that only its owner may read; there whole, or not at all. */
export async function pack(folder: string, paths: readonly string[], target: string): Promise<void> {
  const temporary = `${target}.new`;
  await onDisk(`writing ${target}`, async () => {
    try {
      await (await open(temporary, "w", FILE_MODE)).close();
      await chmod(temporary, FILE_MODE);
      await create({ gzip: true, cwd: folder, file: temporary, portable: true, noDirRecurse: true }, [
        ...paths,
      ]);
      const file = await open(temporary, "r+");
      await file.sync();
      await file.close();
      await rename(temporary, target);
      const above = await open(dirname(target), "r");
      await above.sync();
      await above.close();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Unpacks a .tar.gz into an empty folder: plain files only. Links, devices and paths that lead out of the folder make
 * it a file that nobody of us wrote. @throws MachineFailure
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  const odd: string[] = [];
  await onDisk(`unpacking ${archive}`, async () => {
    try {
      await extract({
        file: archive,
        cwd: folder,
        strict: true,
        noMtime: true,
        filter: (path, entry) => {
          const isPlain =
            "type" in entry &&
            (entry.type === "File" || entry.type === "OldFile" || entry.type === "Directory");
          if (!isPlain || path.startsWith("/") || path.split("/").includes("..")) odd.push(path);
          return odd.length === 0;
        },
      });
    } catch (error) {
      if (
        error instanceof Error &&
        /TAR_|zlib|unexpected end|incorrect header|ENOENT/i.test(`${error.message} ${codeOf(error)}`)
      )
        throw new MachineFailure(`${archive} is no whole .tar.gz: ${error.message}.`);
      throw error;
    }
  });
  if (odd.length > 0) throw new MachineFailure(`${archive} holds what no backup does: ${odd[0]}.`);
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
