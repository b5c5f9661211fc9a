import { statSync } from "node:fs";

/**
 * What only root may do on the machine, or what looks at it as a whole. Which Dovecot it is they take from what is root's own
 * (lib/server/host-node.ts), or ask the helper.
 */
const AS_ROOT = ["adopt", "release", "helper", "doctor", "certificate", "dovecot"];

/**
 * Root at a shell becomes the user that a home belongs to, before anything in it is read: who owns it may have been taken over,
 * and says by its files which programs are run (docs/decisions/064-root-becomes-the-owner.md). So no file of it ends up as
 * root's, either.
 */
export function becomeOwnerOf(home, command) {
  if (process.getuid() !== 0 || AS_ROOT.includes(command)) return;
  const owner = statSync(home, { throwIfNoEntry: false });
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
