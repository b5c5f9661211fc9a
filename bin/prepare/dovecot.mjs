import { existsSync } from "node:fs";
import { join } from "node:path";
import { disableService, installByHand, installPackages, isDebianLike, isRoot } from "./debian.mjs";
import { during, say } from "./say.mjs";
import { unpackDovecot } from "./unpack.mjs";

const PACKAGES = ["dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-sqlite"];
/** A file of each, for systems whose package manager can't be asked. */
const PROOF = {
  "dovecot-imapd": "/usr/lib/dovecot/imap-login",
  "dovecot-pop3d": "/usr/lib/dovecot/pop3-login",
  "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
  "dovecot-sqlite": "/usr/lib/dovecot/modules/libdriver_sqlite.so",
};

/**
 * Finds or gets the Dovecot that the private instance runs. Returns the folder it lives in: "" for the machine's
 * own programs, else a folder of unpacked packages.
 */
export async function provideDovecot(home) {
  const wanted = process.env.PORTCULLIS_DOVECOT ?? "";
  if (wanted === "2.4")
    return await unpacked("trixie", join(home, "dovecot-2.4"), "PORTCULLIS_DOVECOT=2.4 asks for Debian 13's");
  const missing = PACKAGES.filter((name) => !existsSync(PROOF[name]));
  if (missing.length === 0) return "";
  if (existsSync("/usr/sbin/dovecot")) {
    // Installing into a system that runs Dovecot would open protocols there at its next reload.
    return await unpacked(
      undefined,
      join(home, "dovecot-unpacked"),
      `the installed Dovecot lacks ${missing.join(", ")} and is left as it is`,
    );
  }
  if (!isDebianLike() || !isRoot()) throw installByHand(PACKAGES, "the mail server Dovecot");
  await installPackages(PACKAGES, "the mail server Dovecot; it is not started");
  for (const unit of ["dovecot.service", "dovecot.socket"]) await disableService(unit);
  return "";
}

async function unpacked(release, folder, why) {
  if (!existsSync(join(folder, "usr/sbin/dovecot"))) {
    say("Dovecot", `unpacking Debian's packages into ${folder}: ${why}`);
    await during("", "fetching and unpacking", () => unpackDovecot(release, folder));
  }
  return folder;
}
