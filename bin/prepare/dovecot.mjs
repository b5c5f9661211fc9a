import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";
import { disableServices, installByHand, installPackages, isDebianLike, isRoot } from "./debian.mjs";
import { root } from "./home.mjs";
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
  const known = descriptionOf(home);
  // An adopted server is there already, and nothing is installed beside it.
  if (known?.kind === "system") return known.instance.root;
  const before = known?.instance.root;
  if (before !== undefined && existsSync(`${before}/usr/sbin/dovecot`)) {
    if (process.env.PORTCULLIS_DOVECOT)
      say(
        "Dovecot",
        "this home keeps the Dovecot it was made with; PORTCULLIS_DOVECOT counts for a new home",
      );
    return before;
  }
  if (process.env.PORTCULLIS_DOVECOT === "2.4") return await debian13(home);
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
  await installPackages(PACKAGES, "the mail server Dovecot; it is neither started now nor at the next boot");
  disableServices(["dovecot.service", "dovecot.socket"]);
  return "";
}

/** What an earlier start of this home chose: its sandbox lives there, so a later one doesn't choose again. */
function descriptionOf(home) {
  const description = join(home, "instance.json");
  return existsSync(description) ? JSON.parse(readFileSync(description, "utf8")) : undefined;
}

/** Debian 13's, fetched once for the checkout and copied for each home, which writes its own users into it. */
async function debian13(home) {
  const folder = join(home, "dovecot-2.4");
  if (existsSync(join(folder, "usr/sbin/dovecot"))) return folder;
  const kept = await fetchDebian13();
  mkdirSync(home, { recursive: true, mode: 0o711 });
  await command("cp", ["-a", "--reflink=auto", kept, folder]);
  return folder;
}

export async function fetchDebian13() {
  return await unpacked("trixie", join(root, ".cache/dovecot-2.4"), "Debian 13's, beside the system's own");
}

async function unpacked(release, folder, why) {
  if (!existsSync(join(folder, "usr/sbin/dovecot"))) {
    say("Dovecot", `unpacking Debian's packages into ${folder}: ${why}`);
    await during("", "fetching and unpacking", () => unpackDovecot(release, folder));
  }
  return folder;
}
