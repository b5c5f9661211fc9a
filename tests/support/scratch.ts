import { chmodSync, mkdtempSync, rmdirSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { mountSmallDisk, mountWorks, unmount } from "./small-disk";

/** Tests that run at once hold some hundred megabytes. */
const ROOM_GB = 4;

/** Where a test's files lie that must not be in memory. */
export function onDisk(): string {
  return process.env.PORTCULLIS_TEST_DISK ?? tmpdir();
}

/**
 * Homes, databases and mailboxes of the tests lie in memory where it can be mounted: a disk that is told to keep every change
 * takes a good part of a test's time. What a disk does that fails or is full is tried on disks of their own (small-disk.ts, the
 * drill machine-failures).
 */
export default function setup(): (() => void) | undefined {
  if (freemem() < 2 * ROOM_GB * 1024 ** 3 || !mountWorks()) return;
  // Short, because paths of sockets may not be long.
  const folder = mkdtempSync(join(tmpdir(), "pt-"));
  mountSmallDisk(folder, `${ROOM_GB}g`);
  // Users of every kind make their own files in it.
  chmodSync(folder, 0o1777);
  process.env.PORTCULLIS_TEST_DISK = tmpdir();
  process.env.TMPDIR = folder;
  return () => {
    unmount(folder);
    rmdirSync(folder);
  };
}
