import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { note, UsageError } from "./output";

/** Writes a file for its owner only: it is there whole or not at all. */
export async function writeFileWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof Error && "syscall" in error)
      throw new UsageError(`The file can't be written: ${error.message}`);
    throw error;
  }
  note(`Written to ${path}.`);
}
