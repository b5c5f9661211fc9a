import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { copyRelease } from "./dovecot-versions";
import { freeSandboxPorts } from "./ports";
import { startPostgresql } from "./postgresql";
import { overlay, startSystem, writeCertificate } from "./system-dovecot";
import { makeMaildir, makeSystem, PEOPLE, releaseRoot, VMAIL } from "./system-root";
import { fillUsers } from "./virtual-users";

const SYSTEM = Object.entries(PEOPLE).map(([address, { password }]) => ({ address, password }));
export const VIRTUAL = SYSTEM.map(({ address, password }) => ({
  address: `${address}@site.example`,
  password,
}));

export interface Scenario {
  name: string;
  family: "2.3" | "2.4";
  accounts: typeof SYSTEM;
  users?: "sqlite" | "postgresql";
  /** With the machine's own Dovecot and folders of its own, instead of a system beneath a root. */
  own?: true;
  layout: "debian" | "split" | "single";
  /** What is read of it, in part. */
  found: Record<string, unknown>;
  signIn: string[];
  /** Its passdb says nothing without a password, so that a rule can't be seen by asking. */
  isMute?: true;
  authCache: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "debian-12",
    family: "2.3",
    accounts: SYSTEM,
    layout: "debian",
    found: {
      imap: true,
      pop3: true,
      plaintext_auth: false,
      imap_max_connections: 10,
      tls_min_protocol: "TLSv1.2",
    },
    signIn: ["passdb pam", "userdb passwd"],
    isMute: true,
    authCache: false,
  },
  {
    name: "debian-13",
    family: "2.4",
    accounts: SYSTEM,
    layout: "debian",
    found: {
      imap: true,
      pop3: true,
      plaintext_auth: false,
      imap_max_connections: 10,
      tls_min_protocol: "TLSv1.2",
    },
    signIn: ["passdb pam", "userdb passwd"],
    isMute: true,
    authCache: false,
  },
  {
    name: "virtual-users",
    family: "2.3",
    accounts: VIRTUAL,
    layout: "debian",
    found: { auth_cache_size_mb: 0 },
    signIn: ["passdb passwd-file", "userdb passwd-file"],
    authCache: false,
  },
  {
    name: "sqlite-cache",
    family: "2.3",
    accounts: VIRTUAL,
    users: "sqlite",
    layout: "debian",
    found: { auth_cache_size_mb: 10, auth_cache_ttl_s: 7200, auth_cache_failed_ttl_s: 300 },
    signIn: ["passdb sql", "userdb prefetch", "userdb sql"],
    authCache: true,
  },
  {
    name: "postgresql-cache",
    family: "2.3",
    accounts: VIRTUAL,
    users: "postgresql",
    layout: "debian",
    found: { auth_cache_size_mb: 10 },
    signIn: ["passdb sql", "userdb prefetch", "userdb sql"],
    authCache: true,
  },
  {
    name: "ispmail",
    family: "2.3",
    accounts: VIRTUAL,
    users: "sqlite",
    layout: "debian",
    found: {
      imap_max_connections: 20,
      pop3_max_connections: 10,
      trash_expunge: true,
      trash_expunge_days: 30,
    },
    signIn: ["passdb sql", "userdb sql"],
    authCache: false,
  },
  {
    name: "quirks",
    family: "2.3",
    accounts: VIRTUAL,
    own: true,
    layout: "single",
    found: { imap_max_connections: 7, pop3_max_connections: 10, login_spare_processes: null },
    signIn: ["passdb passwd-file", "userdb static"],
    authCache: true,
  },
];

/** A server of the scenario in a folder of its own; how both go is added to `ends`, to be done in reverse. */
export async function startedServer(scenario: Scenario, ends: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-adopt-test-"));
  await chmod(folder, 0o711);
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const server = await startServer(scenario, folder);
  ends.push(() => server.end());
  return { folder, server };
}

/** One that was set up and runs, as its administrator left it. */
export async function startServer(scenario: Scenario, folder: string) {
  const { name, family, own, users } = scenario;
  const ports = { ...(await freeSandboxPorts()), sieve: (await freeSandboxPorts()).imap };
  const root = own ? "" : join(folder, "root");
  const etc = own ? join(folder, "etc") : join(root, "etc/dovecot");
  const undo: (() => Promise<void>)[] = [];
  if (own) await mkdir(etc, { recursive: true });
  else {
    const from = (await releaseRoot(family)).folder;
    await copyRelease(from, root);
    await makeSystem(root, family);
    await writeCertificate(join(etc, "private"), "dovecot.pem", "dovecot.key");
  }
  const words = Object.fromEntries(
    Object.entries(ports).map(([key, port]) => [key.toUpperCase(), String(port)]),
  );
  await overlay(name, etc, { ...words, FOLDER: etc });
  if (own) {
    await writeCertificate(join(etc, "certs"), "cert.pem", "key.pem");
    await mkdir(join(etc, "run"));
  }
  if (scenario.accounts === VIRTUAL)
    for (const { address } of VIRTUAL) {
      const [local = "", domain = ""] = address.split("@");
      const mail = own ? join(etc, "mail", domain, local) : join(root, "var/vmail", domain, local, "Maildir");
      await makeMaildir(mail, address, VMAIL);
    }
  if (users === "sqlite") await fillUsers(join(root, "var/vmail/users.sqlite"), VIRTUAL);
  if (users === "postgresql") undo.push(await startPostgresql(join(root, "run/postgresql"), folder, VIRTUAL));
  const configFile = own ? join(etc, "dovecot.conf") : "/etc/dovecot/dovecot.conf";
  const instance: DovecotInstance = {
    root,
    configFile,
    baseDir: own ? join(etc, "run") : "/run/dovecot",
    stagingDir: "/tmp",
  };
  const dovecot = { running: await startSystem(instance, ports.imap) };
  undo.push(() => dovecot.running.end());
  return {
    ports,
    etc,
    conf: join(etc, "dovecot.conf"),
    options: own ? ["--config", configFile] : ["--root", root],
    pid: dovecot.running.pid,
    stop: () => dovecot.running.end(),
    async start() {
      dovecot.running = await startSystem(instance, ports.imap);
    },
    async end() {
      for (const step of undo.toReversed()) await step();
    },
  };
}

/** Why a scenario can't be played here. */
export const missing = async (scenario: Scenario): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return "a system's Dovecot with its own users needs root";
  if (scenario.users === "postgresql" && !existsSync("/usr/lib/postgresql/15/bin/postgres"))
    return "PostgreSQL 15 is not installed (package postgresql-15)";
  if (scenario.own) return existsSync("/usr/sbin/dovecot") ? undefined : "Dovecot is not installed";
  return (await releaseRoot(scenario.family)).missing;
};
