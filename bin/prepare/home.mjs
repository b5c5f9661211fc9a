import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that these scripts belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The one default: state lies in the checkout and goes with it (docs/decisions/002-state-in-the-checkout.md). */
export function setHome() {
  process.env.PORTCULLIS_HOME = resolve(process.env.PORTCULLIS_HOME || join(root, ".portcullis"));
  return process.env.PORTCULLIS_HOME;
}

/**
 * Root at a shell becomes the user that a home belongs to, before anything in it is read: who owns it may have been taken over,
 * and says by its files which programs are run (docs/decisions/064-root-becomes-the-owner.md).
 */
export function becomeOwnerOf(home) {
  const owner = process.getuid() === 0 ? statSync(home, { throwIfNoEntry: false }) : undefined;
  if (!owner || owner.uid === 0) return;
  try {
    process.initgroups(owner.uid, owner.gid);
  } catch {
    // A user without a name has no other groups.
    process.setgroups([owner.gid]);
  }
  process.setgid(owner.gid);
  process.setuid(owner.uid);
  // Who it really was, for the audit.
  process.env.SUDO_USER ??= "root";
}
