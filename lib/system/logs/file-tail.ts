import { createHash } from "node:crypto";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { errorCode, onDisk } from "../files";
import type { LogPart, LogSource } from "./log-reading";

/** A file is known by how it begins: a name and an inode go to another one when logs are rotated. In bytes. */
const HEAD_BYTES = 512;
const PART_BYTES = 1024 * 1024;

const positionSchema = z.object({
  /** SHA-256 of the first `headBytes`. */
  head: z.string(),
  headBytes: z.number().int().min(0),
  offset: z.number().int().min(0),
  /** When it was looked at, in milliseconds since 1970: an empty file is known by nothing else. */
  atMs: z.number(),
});

type Position = z.infer<typeof positionSchema>;

/** A log in a file that is rotated by renaming or by copying. Files that were packed meanwhile are not read. */
export function fileLog(path: string): LogSource {
  return {
    name: `file ${path}`,
    async read(text) {
      const position = text === undefined ? undefined : positionSchema.parse(JSON.parse(text));
      return await onDisk(`reading ${path}`, () => readPart(path, position));
    },
  };
}

interface LogFile {
  path: string;
  mtimeMs: number;
  size: number;
}

async function readPart(path: string, position: Position | undefined, tries = 3): Promise<LogPart> {
  const files = await filesOf(path);
  const at = position ? await indexOf(files, position) : 0;
  const missed =
    at === undefined ? { reason: `${path} was rotated away, or emptied, before it was read` } : undefined;
  const index = at ?? files.length - 1;
  const file = files[index];
  if (!file) throw new MachineFailure(`There is no log ${path}.`);
  const known = position && at !== undefined && position.headBytes > 0 ? position : undefined;
  const part = await readFrom(file.path, known);
  if (part === "another") return tries > 1 ? await readPart(path, position, tries - 1) : nothing(position);
  const next = files[index + 1];
  // Whoever writes has gone on to the next file as soon as that holds something; only then is this one at its end.
  const isOver = next !== undefined && next.size > 0 && part.lines.length === 0 && !part.isMore;
  const goOn = isOver ? await beginningOf(next.path) : part.position;
  return {
    lines: part.lines.map((text) => ({ text })),
    position: JSON.stringify(goOn),
    missed,
    isMore: isOver || part.isMore,
  };
}

function nothing(position: Position | undefined): LogPart {
  const stay = position ?? { head: "", headBytes: 0, offset: 0, atMs: Date.now() };
  return { lines: [], position: JSON.stringify(stay), missed: undefined, isMore: false };
}

/** The log and what was rotated out of it, the oldest first and the one that is written now last. */
async function filesOf(path: string): Promise<LogFile[]> {
  const name = basename(path);
  // Numbers and dates are added by rotation; mail.info and mail.err beside a mail log are logs of their own.
  const rotated = (await entriesOf(dirname(path))).filter(
    (entry) => entry.startsWith(name) && /^[-.]\d[\d.-]*$/.test(entry.slice(name.length)),
  );
  const found = await Promise.all(rotated.map((entry) => factsOf(join(dirname(path), entry))));
  const current = await factsOf(path);
  const older = found.filter((file) => file !== undefined).toSorted((a, b) => a.mtimeMs - b.mtimeMs);
  return current ? [...older, current] : older;
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function factsOf(path: string): Promise<LogFile | undefined> {
  try {
    const facts = await stat(path);
    return facts.isFile() ? { path, mtimeMs: facts.mtimeMs, size: facts.size } : undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Which file a position is in; undefined when none is that file any more. */
async function indexOf(files: readonly LogFile[], position: Position): Promise<number | undefined> {
  if (position.headBytes === 0) {
    // It was empty: what was written since is in the first file that was touched since.
    const touched = files.findIndex(({ mtimeMs }) => mtimeMs >= position.atMs);
    return touched < 0 ? Math.max(0, files.length - 1) : touched;
  }
  for (let index = files.length - 1; index >= 0; index--) {
    const file = files[index];
    if (!file || file.size < position.offset) continue;
    if (await withOpen(file.path, (handle) => isAt(handle, position))) return index;
  }
  return undefined;
}

interface Part {
  lines: string[];
  position: Position;
  isMore: boolean;
}

/** Through one handle, so that a rotation meanwhile changes nothing. "another": it came before. */
async function readFrom(path: string, known: Position | undefined): Promise<Part | "another"> {
  return await withOpen(path, async (file) => {
    if (known && !(await isAt(file, known))) return "another";
    const offset = known?.offset ?? 0;
    const content = await readAt(file, offset, PART_BYTES);
    const isFull = content.length === PART_BYTES;
    const last = content.lastIndexOf(0x0a);
    // A line that fills a whole part is none that a mail daemon writes: passed over.
    const end = last >= 0 ? last + 1 : isFull ? content.length : 0;
    return {
      lines: last < 0 ? [] : content.subarray(0, last).toString("utf8").split("\n"),
      position: await positionAt(file, offset + end),
      isMore: isFull,
    };
  });
}

async function beginningOf(path: string): Promise<Position> {
  return await withOpen(path, (file) => positionAt(file, 0));
}

async function positionAt(file: FileHandle, offset: number): Promise<Position> {
  const content = await readAt(file, 0, HEAD_BYTES);
  return { head: digest(content), headBytes: content.length, offset, atMs: Date.now() };
}

async function isAt(file: FileHandle, { head, headBytes }: Position): Promise<boolean> {
  return digest(await readAt(file, 0, headBytes)) === head;
}

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function withOpen<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
