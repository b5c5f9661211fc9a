/**
 * `doveconf` reads files, not the daemon: after an edit without a reload it already prints the new value. So each
 * generated file declares a private socket that is named after the file's content. Dovecot's master makes it
 * only when it has loaded that file, and removes the one of the file before; a `connect()` to it is the proof
 * (a `stat()` is not: the socket file outlives a stopped daemon). Measured on 2.3.19.1 and 2.4.1.
 */
const PREFIX = "portcullis-rev-";

/** 64 bits are enough to tell the revisions of one server apart, and keep the socket's path short. */
export const LOADED_MARK_HASH_LENGTH = 16;

export function loadedMarkName(hash: string): string {
  return `${PREFIX}${hash}`;
}

/** Finds the mark that a generated file declares, or nothing when the file isn't one of ours. */
export function markDeclaredIn(content: string): string | undefined {
  return /^\s*unix_listener (portcullis-rev-[0-9a-f]{16}) \{$/m.exec(content)?.[1];
}

export function isLoadedMark(name: string): boolean {
  return /^portcullis-rev-[0-9a-f]{16}$/.test(name);
}
