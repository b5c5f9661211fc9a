import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, succeeds } from "./command.mjs";
import { Unready } from "./say.mjs";

const PACKAGES = ["dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-sqlite", "dovecot-sieve"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MIRROR = "http://deb.debian.org/debian";

/**
 * Unpacks a Debian release's Dovecot with every library it needs into a folder that it can be run in by
 * chroot. Uses an apt state of its own: the machine's package database is neither asked nor changed, and no
 * root is needed. `release` undefined takes the machine's own package sources; `more` are packages besides the usual ones.
 */
export async function unpackDovecot(release, folder, more = []) {
  const scratch = mkdtempSync(join(tmpdir(), "portcullis-apt-"));
  try {
    const environment = { ...process.env, APT_CONFIG: aptConfig(scratch, release) };
    await command("apt-get", ["update", "-q"], { env: environment });
    await command("apt-get", ["install", "-y", "-q", "--download-only", ...PACKAGES, ...more], {
      env: environment,
    });
    const archives = join(scratch, "cache/archives");
    const target = `${folder}.unpacking`;
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true, mode: 0o755 });
    for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
      await command("dpkg-deb", ["--extract", join(archives, name), target]);
    }
    await makeRunnable(target);
    rmSync(folder, { recursive: true, force: true });
    renameSync(target, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function aptConfig(scratch, release) {
  for (const folder of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(scratch, folder), { recursive: true });
  writeFileSync(join(scratch, "status"), "");
  if (release && !existsSync(KEYRING))
    throw new Unready(`Debian's keys (${KEYRING}) are missing: install debian-archive-keyring.`);
  const sources = release
    ? [`Dir::Etc::sourcelist "${scratch}/sources.list";`, 'Dir::Etc::sourceparts "/dev/null";']
    : [];
  if (release) {
    const line = (url, suite) => `deb [signed-by=${KEYRING}] ${url} ${suite} main\n`;
    writeFileSync(
      join(scratch, "sources.list"),
      line(MIRROR, release) + line(`${MIRROR}-security`, `${release}-security`),
    );
  }
  const path = join(scratch, "apt.conf");
  writeFileSync(
    path,
    [
      ...sources,
      `Dir::State "${scratch}/state";`,
      `Dir::State::status "${scratch}/status";`,
      `Dir::Cache "${scratch}/cache";`,
      'APT::Sandbox::User "root";',
      'APT::Install-Recommends "false";',
      'Acquire::Languages "none";',
      "",
    ].join("\n"),
  );
  return path;
}

/** What a package manager would have set up: merged /usr, devices, and the users that Dovecot looks for. */
async function makeRunnable(root) {
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    if (!existsSync(join(root, name)) && existsSync(join(root, "usr", name)))
      symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const folder of ["dev", "etc", "tmp", "run", "var/lib/dovecot"])
    mkdirSync(join(root, folder), { recursive: true });
  // doveconf 2.4 writes what it parsed to a temporary file.
  chmodSync(join(root, "tmp"), 0o1777);
  for (const [name, minor] of Object.entries({ null: 3, zero: 5, random: 8, urandom: 9 })) {
    const path = join(root, "dev", name);
    const made = await succeeds("mknod", ["-m", "666", path, "c", "1", String(minor)]);
    // Without root, or where devices are forbidden: an empty file does, since Dovecot asks the kernel for randomness.
    if (!made || !canOpen(path)) {
      rmSync(path, { force: true });
      writeFileSync(path, "", { mode: 0o666 });
    }
  }
  writeFileSync(join(root, "etc/mtab"), "");
}

function canOpen(path) {
  try {
    closeSync(openSync(path, "r"));
    return true;
  } catch {
    return false;
  }
}
