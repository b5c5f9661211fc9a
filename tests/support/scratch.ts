import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** Two tests at once hold a tenth of it. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** Where a test's files lie that must not be in memory. */
export function onDisk(): string {
  return process.env.PORTCULLIS_TEST_DISK ?? tmpdir();
}

/**
 * Homes, databases and mailboxes of the tests lie in memory where there is room for them: a disk that is told to keep every
 * change takes a third of a test's time. What a disk does that fails or is full is tried on disks of their own
 * (small-disk.ts, the drill machine-failures).
 */
export default function setup(): (() => void) | undefined {
  let folder: string | undefined;
  try {
    if (statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize < ROOM_BYTES || freemem() < ROOM_BYTES) return;
    // Short, because paths of sockets may not be long.
    folder = mkdtempSync(join(MEMORY, "pt-"));
    // Programs are run out of it, by users of every kind.
    chmodSync(folder, 0o1777);
    copyFileSync("/bin/true", join(folder, "true"));
    execFileSync(join(folder, "true"));
    process.env.PORTCULLIS_TEST_DISK = tmpdir();
    process.env.TMPDIR = folder;
  } catch {
    if (folder) rmSync(folder, { recursive: true });
    return;
  }
  const made = folder;
  return () => rmSync(made, { recursive: true, force: true });
}
