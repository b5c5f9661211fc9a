import { randomBytes } from "node:crypto";
import { type FileHandle, lchown, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: "There is no space left on the disk",
  SQLITE_FULL: "There is no space left on the disk",
  EDQUOT: "The disk quota is used up",
  EROFS: "The file system is read-only",
  EACCES: "Permission was denied",
  EPERM: "Permission was denied",
  EFBIG: "The file would become larger than allowed",
  EIO: "The disk reported an error",
  EMFILE: "Too many files are open",
};

/** Turns what a disk can do to us into a sentence; anything else is a fault of ours and goes up unchanged. */
export async function onDisk<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const sentence = SENTENCES[errorCode(error) ?? ""];
    if (!sentence) throw error;
    throw new MachineFailure(`${sentence} (${doing}).`, { cause: error });
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A file's text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Replaces files so that a reader sees each either old or new, and a power cut keeps one of both: all are
 * written beside their targets and flushed before the first is renamed; then the folder is flushed.
 * @throws MachineFailure with nothing replaced when a write fails.
 */
export async function replaceFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  mode: number,
): Promise<void> {
  const staged: { temporary: string; target: string }[] = [];
  try {
    for (const [name, content] of Object.entries(files)) {
      const target = join(folder, name);
      const temporary = `${target}.new-${randomBytes(4).toString("hex")}`;
      staged.push({ temporary, target });
      await onDisk(`writing ${target}`, () => writeFlushed(temporary, content, mode));
    }
    for (const { temporary, target } of staged) {
      await onDisk(`replacing ${target}`, () => rename(temporary, target));
    }
    await flushFolder(folder);
  } catch (error) {
    await Promise.all(staged.map(({ temporary }) => rm(temporary, { force: true })));
    throw error;
  }
}

export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  await onDisk(`making ${dirname(path)}`, () => mkdir(dirname(path), { recursive: true }));
  await replaceFiles(dirname(path), { [path.slice(dirname(path).length + 1)]: content }, mode);
}

async function writeFlushed(path: string, content: string, mode: number): Promise<void> {
  await withFile(
    path,
    "wx",
    async (file) => {
      await file.writeFile(content);
      // The process's umask may have taken bits away that Dovecot needs in order to read the file.
      await file.chmod(mode);
      await giveToFoldersOwner(path);
      await file.sync();
    },
    mode,
  );
}

/**
 * What root makes in a folder of the panel's user is to be that user's: he could not read or write it at his next start.
 * Does nothing where somebody else makes it, or the folder is root's.
 */
export async function giveToFoldersOwner(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  if (uid !== 0) await lchown(path, uid, gid);
}

async function flushFolder(path: string): Promise<void> {
  await withFile(path, "r", (folder) => folder.sync());
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
  mode?: number,
): Promise<void> {
  const file = await open(path, flags, mode);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
