import { createHash, randomBytes } from "node:crypto";
import { lstat, open, readFile, rename, rm, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode, onDisk } from "../files";

/**
 * A file with everything that giving it back takes. Its text has a character for each byte (latin1), so that whatever
 * somebody wrote in it, in whichever encoding, goes through unchanged.
 */
export interface KeptFile {
  text: string;
  uid: number;
  gid: number;
  mode: number;
  /** Milliseconds since 1970. */
  mtimeMs: number;
  /** Of its bytes, in hex. */
  sha256: string;
  /** It is a link, and where to is none of ours. */
  isLink: boolean;
}

const PERMISSIONS = 0o7777;

/** Undefined where there is none. */
export async function readKept(path: string): Promise<KeptFile | undefined> {
  return await onDisk(`reading ${path}`, () => readWhole(path));
}

async function readWhole(path: string): Promise<KeptFile | undefined> {
  try {
    const found = await lstat(path);
    const text = await readFile(path, "latin1");
    const { uid, gid, mode, mtimeMs } = found;
    const isLink = found.isSymbolicLink();
    return { text, uid, gid, mode: mode & PERMISSIONS, mtimeMs, sha256: digestOf(text), isLink };
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Puts a file back where it isn't as it was: what was never touched needs no permission. */
export async function putBack(path: string, file: KeptFile): Promise<void> {
  const now = await readKept(path);
  const isSame =
    now?.sha256 === file.sha256 && now.mode === file.mode && now.uid === file.uid && now.gid === file.gid;
  if (!isSame) await putFile(path, file, true);
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}

/**
 * Puts a file in place whole, with owner and mode; with its time where `keepTime`. A reader sees the old one or the new one.
 * @throws MachineFailure with nothing replaced when it can't be written.
 */
export async function putFile(path: string, file: KeptFile, keepTime: boolean): Promise<void> {
  const temporary = `${path}.portcullis-${randomBytes(4).toString("hex")}`;
  try {
    await onDisk(`writing ${path}`, async () => {
      const handle = await open(temporary, "wx", 0o600);
      try {
        await handle.writeFile(file.text, "latin1");
        await handle.chown(file.uid, file.gid);
        await handle.chmod(file.mode);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (keepTime) await utimes(temporary, file.mtimeMs / 1000, file.mtimeMs / 1000);
      await rename(temporary, path);
      const folder = await open(dirname(path), "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
