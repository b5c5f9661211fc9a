import { chmod, chown, lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { z } from "zod";
import { renderSettings } from "@/lib/core/dovecot/render";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";
import type { Family } from "@/lib/core/dovecot/version";
import { type SandboxLayout, type SandboxPorts, sandboxConfig } from "@/lib/core/sandbox/config";
import { defaultSettings } from "@/lib/core/settings/schema";
import { supportedVersion } from "@/lib/system/dovecot/doveconf";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { readIfThere, replaceFile } from "@/lib/system/files";
import type { Home } from "../home";
import { readDescription, writeDescription } from "../node";
import { makeAccounts, type SandboxAccount } from "./accounts";
import { sandboxFolder } from "./folder";
import { writeSampleMail } from "./mail";
import { choosePorts, portsSchema } from "./ports";
import { type SandboxUser, sandboxUser } from "./user";

export interface Sandbox {
  instance: DovecotInstance;
  ports: SandboxPorts;
  /** False when an earlier start made it. */
  made: boolean;
  /** A sentence where the operator should know something: an edited configuration, an unusual folder. */
  notes: string[];
}

const recordSchema = z.object({
  ports: portsSchema,
  /** What we wrote as dovecot.conf, to tell whether somebody made it his own since. */
  config: z.string(),
});

/** The ports that the next start will use; nothing is recorded yet. */
export async function plannedPorts(home: Home, environment: NodeJS.ProcessEnv): Promise<SandboxPorts> {
  return choosePorts(environment, (await readRecord(home))?.ports);
}

async function readRecord(home: Home): Promise<z.infer<typeof recordSchema> | undefined> {
  const text = await readIfThere(home.sandbox);
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
}

const CERTIFICATE_DAYS = 3650;

/**
 * Makes the private Dovecot of a home once: configuration, certificate, mailboxes and mail. Later starts only
 * follow the ports. `root` is the folder of unpacked packages that Dovecot is run from, or "".
 */
export async function setUpSandbox(
  home: Home,
  root: string,
  environment: NodeJS.ProcessEnv,
): Promise<Sandbox> {
  const user = await sandboxUser();
  const before = await readRecord(home);
  // Decided once: a folder that was closed to Dovecot may be open at the next start, and its mail isn't there.
  const known = before && dirname((await readDescription(home)).instance.baseDir);
  const folder = known ?? (root === "" ? await sandboxFolder(home.dovecot, user) : "/portcullis");
  const instance: DovecotInstance = {
    root,
    configFile: `${folder}/etc/dovecot.conf`,
    baseDir: `${folder}/run`,
    stagingDir: `${folder}/staging`,
    ...(user.isOther || root !== "" ? { user: { uid: user.uid, gid: user.gid } } : {}),
  };
  const ports = choosePorts(environment, before?.ports);
  const { family } = await supportedVersion(instance);
  const layout = layoutFor(family, user, ports, folder);
  const config = sandboxConfig(layout);
  const notes =
    folder === home.dovecot || root !== ""
      ? []
      : [`The private Dovecot lives in ${folder}, because it can't live in ${home.dovecot}.`];

  if (!before) {
    await makeSandbox(home, instance, layout, user, config);
  } else if (before.config !== config) {
    const path = outside(instance, instance.configFile);
    if ((await readIfThere(path)) === before.config) await replaceFile(path, config, 0o644);
    else notes.push(`${path} was edited and is left as it is; new ports must be written there by hand.`);
  }
  await writeDescription(home, { kind: "sandbox", instance });
  await replaceFile(home.sandbox, `${JSON.stringify({ ports, config })}\n`, 0o600);
  return { instance, ports, made: before === undefined, notes };
}

function layoutFor(family: Family, user: SandboxUser, ports: SandboxPorts, folder: string): SandboxLayout {
  return {
    family,
    user: { name: user.name, group: user.group, uid: user.uid, gid: user.gid },
    ports,
    configDir: `${folder}/etc`,
    baseDir: `${folder}/run`,
    mailDir: `${folder}/mail`,
    logFile: `${folder}/log/dovecot.log`,
  };
}

async function makeSandbox(
  home: Home,
  instance: DovecotInstance,
  layout: SandboxLayout,
  user: SandboxUser,
  config: string,
): Promise<void> {
  const at = (path: string) => outside(instance, path);
  const base = at(layout.configDir.slice(0, -"/etc".length));
  await claim(base);
  for (const name of ["etc", "etc/portcullis", "run", "mail", "log", "staging"]) {
    await mkdir(join(base, name), { recursive: true, mode: 0o755 });
  }
  if (instance.root !== "") await writeUsers(instance.root, user);
  const accounts = makeAccounts();
  await writeCertificate(at(layout.configDir));
  await writeFile(at(`${layout.configDir}/users`), passwdFile(accounts), { mode: 0o600 });
  await writeSampleMail(at(layout.mailDir));
  await writeFile(at(instance.configFile), config, { mode: 0o644 });
  const { digest } = machinePorts({ instance, journalPath: home.journal });
  const { files } = renderSettings(
    defaultSettings,
    {
      family: layout.family,
      otherProtocols: layout.family === "2.4" ? [] : ["lmtp"],
      folder: generatedDir(instance),
      site: { ...PLAIN_SITE, internalUser: user.name },
    },
    digest,
  );
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(at(generatedDir(instance)), name), content, { mode: 0o644 });
  }
  if (user.isOther) {
    for (const name of ["run", "mail", "log"]) await handOver(join(base, name), user);
    for (const name of ["users", "key.pem"]) await handOver(join(base, "etc", name), user);
  }
  await replaceFile(home.sandboxAccounts, `${JSON.stringify(accounts, null, 2)}\n`, 0o600);
}

/** Starts from nothing: an attempt that was cut off before it was recorded leaves halves behind. */
async function claim(base: string): Promise<void> {
  const found = await lstat(base).catch(() => undefined);
  if (found && (!found.isDirectory() || found.uid !== process.getuid?.())) {
    throw new Error(`${base} belongs to somebody else; remove it or choose another PORTCULLIS_HOME.`);
  }
  await rm(base, { recursive: true, force: true });
  await mkdir(base, { recursive: true });
  await chmod(base, 0o755);
}

async function handOver(path: string, user: SandboxUser): Promise<void> {
  await chown(path, user.uid, user.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const entry of await readdir(path)) await handOver(join(path, entry), user);
}

async function writeCertificate(folder: string): Promise<void> {
  const notAfterDate = new Date(Date.now() + CERTIFICATE_DAYS * 24 * 60 * 60 * 1000);
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "rsa",
    algorithm: "sha256",
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: false },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  await writeFile(join(folder, "cert.pem"), cert, { mode: 0o644 });
  await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
}

/** An unpacked release has no users; Dovecot looks for its own two, and runs as ours. */
async function writeUsers(root: string, user: SandboxUser): Promise<void> {
  const people = [
    ["root", 0, 0],
    [user.name, user.uid, user.gid],
    ["dovecot", 998, 998],
    ["dovenull", 997, 997],
  ] as const;
  const groups = [
    ["root", 0],
    [user.group, user.gid],
    ["dovecot", 998],
    ["dovenull", 997],
  ] as const;
  const once = <T extends readonly [string, ...unknown[]]>(entries: readonly T[]) => [
    ...new Map(entries.map((e) => [e[0], e])).values(),
  ];
  await writeFile(
    join(root, "etc/passwd"),
    once(people)
      .map(([name, uid, gid]) => `${name}:x:${uid}:${gid}::/:/usr/sbin/nologin\n`)
      .join(""),
  );
  await writeFile(
    join(root, "etc/group"),
    once(groups)
      .map(([name, gid]) => `${name}:x:${gid}:\n`)
      .join(""),
  );
}

/** Plain, so that every way of proving the password can be tried; they are sample passwords, listed in the panel. */
function passwdFile(accounts: readonly SandboxAccount[]): string {
  return accounts.map(({ address, password }) => `${address}:{PLAIN}${password}::::::\n`).join("");
}
