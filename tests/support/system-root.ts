import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Unready } from "@/bin/prepare/say.mjs";
import { unpackDovecot } from "@/bin/prepare/unpack.mjs";
import type { Family } from "@/lib/core/dovecot/version";

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));
const ROOTS: Readonly<Record<Family, string>> = {
  // This machine's own release (Debian 12's, where these tests are at home), with what the system's lacks.
  "2.3": join(CACHE, "dovecot-adopt-own"),
  "2.4": join(CACHE, "dovecot-2.4"),
};
const MORE = ["dovecot-managesieved", "dovecot-pgsql"];

/** A release's packages as they are unpacked, or why they can't be had. */
export async function releaseRoot(family: Family): Promise<{ folder: string; missing?: string }> {
  const folder = ROOTS[family];
  if (existsSync(`${folder}/usr/sbin/dovecot`)) return { folder };
  try {
    await unpackDovecot(family === "2.4" ? "trixie" : undefined, folder, family === "2.4" ? [] : MORE);
    return { folder };
  } catch (error) {
    if (error instanceof Unready)
      return { folder, missing: `no Dovecot ${family}: ${error.message.split("\n")[0]}` };
    throw error;
  }
}

export const PEOPLE = {
  anna: { uid: 20001, password: "annas-own" },
  ben: { uid: 20002, password: "bens-own" },
} as const;
export const VMAIL = 5000;
const GROUP_MAIL = 8;

/**
 * What a system has besides packages: users with passwords (PAM and shadow know them), Debian's PAM files, and Dovecot's
 * configuration as the packages put it into /etc/dovecot.
 */
export async function makeSystem(root: string, family: Family): Promise<void> {
  const write = async (path: string, text: string, mode = 0o644) => {
    await rm(join(root, path), { force: true });
    await writeFile(join(root, path), text, { mode });
  };
  const people = Object.entries(PEOPLE);
  const system = [
    ["root", 0, 0, "/root"],
    ["mail", GROUP_MAIL, GROUP_MAIL, "/var/mail"],
    ["dovecot", 998, 998, "/usr/lib/dovecot"],
    ["dovenull", 997, 997, "/nonexistent"],
    ["postfix", 105, 105, "/var/spool/postfix"],
    ["vmail", VMAIL, VMAIL, "/var/vmail"],
    ...people.map(([name, { uid }]) => [name, uid, uid, `/home/${name}`] as const),
  ] as const;
  await write(
    "etc/passwd",
    system.map(([name, uid, gid, home]) => `${name}:x:${uid}:${gid}::${home}:/bin/sh\n`).join(""),
  );
  await write("etc/group", system.map(([name, , gid]) => `${name}:x:${gid}:\n`).join(""));
  const hashed = (password: string) =>
    execFileSync("openssl", ["passwd", "-6", password], { encoding: "utf8" }).trim();
  await write(
    "etc/shadow",
    system
      .map(
        ([name]) =>
          `${name}:${name in PEOPLE ? hashed(PEOPLE[name as keyof typeof PEOPLE].password) : "*"}:19000:0:99999:7:::\n`,
      )
      .join(""),
    0o640,
  );
  await write("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n");
  await mkdir(join(root, "etc/pam.d"), { recursive: true });
  await write(
    "etc/pam.d/common-auth",
    "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
  );
  await write(
    "etc/pam.d/common-account",
    "account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so\naccount requisite pam_deny.so\naccount required pam_permit.so\n",
  );
  await write("etc/pam.d/common-password", "password required pam_deny.so\n");
  await write("etc/pam.d/common-session", "session required pam_permit.so\n");
  await write(
    "etc/pam.d/dovecot",
    "#%PAM-1.0\n\n@include common-auth\n@include common-account\n@include common-session\n",
  );
  for (const folder of ["var/mail", "var/log", "var/lib/dovecot", "var/spool/postfix/private", "tmp"])
    await mkdir(join(root, folder), { recursive: true });
  await chown(join(root, "var/mail"), 0, GROUP_MAIL);
  await chmod(join(root, "var/mail"), 0o2775);
  for (const [name, { uid }] of people) {
    await mkdir(join(root, "home", name, "mail"), { recursive: true });
    await write(`var/mail/${name}`, message(`${name}@example.org`, true), 0o660);
    for (const path of [`home/${name}`, `home/${name}/mail`]) await chown(join(root, path), uid, uid);
    await chown(join(root, "var/mail", name), uid, GROUP_MAIL);
  }
  await stockConfiguration(root, family);
}

async function stockConfiguration(root: string, family: Family): Promise<void> {
  const [from, to] = [join(root, "usr/share/dovecot"), join(root, "etc/dovecot")];
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from))
    if (name === "conf.d" || (name.startsWith("dovecot") && name.includes(".conf")))
      await cp(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true });
  // What the packages' scripts write when they are installed.
  await mkdir(join(from, "protocols.d"), { recursive: true });
  for (const name of ["imap", "pop3", "lmtp"])
    await writeFile(
      join(from, "protocols.d", `${name}d.protocol`),
      family === "2.4" ? `protocols {\n  ${name} = yes\n}\n` : `protocols = $protocols ${name}\n`,
    );
}

/** One message, as a file of a maildir or as the whole of an mbox. */
function message(to: string, asMbox: boolean): string {
  return `${asMbox ? "From root Mon Jan  5 10:00:00 2026\n" : ""}From: root@example.org\nTo: ${to}\nSubject: For ${to}\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nMessage-ID: <1-${to}>\n\nHello.\n\n`;
}

/** A mailbox of virtual users with one message in it. */
export async function makeMaildir(folder: string, to: string, uid: number): Promise<void> {
  for (const name of ["new", "cur", "tmp"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "new", "1767607200.M1P1.example"), message(to, false));
  execFileSync("chown", ["-R", `${uid}:${uid}`, folder]);
}
