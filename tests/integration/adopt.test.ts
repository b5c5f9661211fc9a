import { existsSync } from "node:fs";
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { Cli } from "../support/cli";
import { freeSandboxPorts } from "../support/ports";
import { startPostgresql } from "../support/postgresql";
import { overlay, signIns, snapshot, startSystem, writeCertificate } from "../support/system-dovecot";
import { makeMaildir, makeSystem, PEOPLE, releaseRoot, VMAIL } from "../support/system-root";
import { fillUsers } from "../support/virtual-users";

const SYSTEM = Object.entries(PEOPLE).map(([address, { password }]) => ({ address, password }));
const VIRTUAL = SYSTEM.map(({ address, password }) => ({ address: `${address}@site.example`, password }));

interface Scenario {
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

const SCENARIOS: readonly Scenario[] = [
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

/** One that was set up and runs, as its administrator left it. */
async function start(scenario: Scenario, folder: string) {
  const { name, family, own, users } = scenario;
  const ports = { ...(await freeSandboxPorts()), sieve: (await freeSandboxPorts()).imap };
  const root = own ? "" : join(folder, "root");
  const etc = own ? join(folder, "etc") : join(root, "etc/dovecot");
  const undo: (() => Promise<void>)[] = [];
  if (own) await mkdir(etc, { recursive: true });
  else {
    const from = (await releaseRoot(family)).folder;
    await cp(from, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
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

const missing = async (scenario: Scenario): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return "a system's Dovecot with its own users needs root";
  if (scenario.users === "postgresql" && !existsSync("/usr/lib/postgresql/15/bin/postgres"))
    return "PostgreSQL 15 is not installed (package postgresql-15)";
  if (scenario.own) return existsSync("/usr/sbin/dovecot") ? undefined : "Dovecot is not installed";
  return (await releaseRoot(scenario.family)).missing;
};

interface Answer {
  outcome: string;
  refused?: string[];
  server: {
    layout: string;
    authCache: { on: boolean };
    signIn: { kind: string; driver: string }[];
    masterPid: number;
  };
  plan: {
    settings: Record<string, unknown>;
    unknown: { key: string }[];
    passed: string[];
    difference: string;
  };
}

describe.each(SCENARIOS)("a server as in $name", { timeout: 120_000 }, (scenario) => {
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("is adopted without a change, obeys, and is given back as it was found", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const folder = await mkdtemp(join(tmpdir(), "portcullis-adopt-test-"));
    await chmod(folder, 0o711);
    if (!process.env.KEEP_ADOPT) ends.push(() => rm(folder, { recursive: true, force: true }));
    const server = await start(scenario, folder);
    ends.push(() => server.end());
    const { ports, etc, conf, options } = server;
    const { accounts } = scenario;
    const [first, second] = accounts.map(({ address }) => address) as [string, string];
    const tries = () => signIns(ports, accounts);
    const works = Object.fromEntries(
      accounts.flatMap(({ address }) => [
        [`${address} imap`, "reads 1"],
        [`${address} pop3`, "reads 1"],
      ]),
    );
    expect(await tries()).toEqual(works);
    const files = () =>
      Object.fromEntries(
        Object.entries(snapshot(etc)).filter(([path]) => !/^(?:run|mail|dovecot\.log)/.test(path)),
      );
    const asFound = files();
    const home = join(folder, "home");
    const cli = new Cli(home);

    // Looked at: nothing is written, neither there nor in the home.
    const dry = await cli.json<Answer>("adopt", ...options, "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      outcome: "dry-run",
      server: { layout: scenario.layout, masterPid: server.pid },
    });
    expect(dry.plan.settings).toMatchObject(scenario.found);
    expect(dry.server.signIn.map(({ kind, driver }) => `${kind} ${driver}`)).toEqual(scenario.signIn);
    expect(dry.server.authCache.on).toBe(scenario.authCache);
    expect([files(), existsSync(home)]).toEqual([asFound, false]);
    // Adopted: the same sign-ins, one include, and the copy has the very bytes.
    const adopted = await cli.json<Answer>(
      "adopt",
      ...options,
      "--yes",
      "--reason",
      "the panel takes it over",
    );
    expect(adopted).toMatchObject({ code: 0, outcome: "adopted" });
    expect(await tries()).toEqual(works);
    const now = files();
    expect(
      Object.keys(now).filter((path) => now[path] !== asFound[path] && !path.startsWith("portcullis")),
    ).toEqual(["dovecot.conf"]);
    expect(await readFile(conf, "latin1")).toContain("!include portcullis/settings.conf");
    expect(await cli.run("verify")).toMatchObject({ code: 0 });

    // One mailbox, then the server, by the panel's command line: at once, also where the site caches sign-ins.
    expect(await cli.run("accounts", "set", first, "pop3=deny", "--reason", "IMAP only")).toMatchObject({
      code: scenario.isMute ? 7 : 0,
    });
    expect(await tries()).toEqual({ ...works, [`${first} pop3`]: "disabled" });
    expect(await cli.run("mailserver", "set", "pop3=off", "--reason", "IMAP only")).toMatchObject({
      code: 0,
    });
    expect(await tries()).toEqual({ ...works, [`${first} pop3`]: "refused", [`${second} pop3`]: "refused" });
    expect(await cli.run("verify")).toMatchObject({ code: 0 });

    // Given back: the files of before by bytes, owner, mode and time, and POP3 for both.
    const keep = join(folder, "kept");
    const released = await cli.json("release", "--yes", "--keep", keep);
    expect(released).toMatchObject({ code: 0, outcome: "released", givenBack: "as-found" });
    expect(files()).toEqual(asFound);
    expect(await tries()).toEqual(works);
    expect(await readFile(join(keep, "settings.conf"), "utf8")).toMatch(/^protocols/m);
    expect(JSON.parse(await readFile(join(keep, "settings.json"), "utf8"))).toMatchObject({
      settings: { pop3: false },
    });
  });
});

describe("what stands in the way of adopting, and goes wrong", { timeout: 120_000 }, () => {
  const scenario = SCENARIOS.find(({ name }) => name === "sqlite-cache")!;
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("refuses, goes back, gives an edited server back, and changes nothing without a yes", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const folder = await mkdtemp(join(tmpdir(), "portcullis-adopt-test-"));
    await chmod(folder, 0o711);
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const server = await start(scenario, folder);
    ends.push(() => server.end());
    const { etc, conf, options, ports } = server;
    // Lookups by a user who must not read Dovecot's configuration, as careful administrators have it.
    await appendFile(join(etc, "local.conf"), "service auth-worker {\n  user = vmail\n}\n");
    await chown(join(folder, "root/var/vmail"), VMAIL, VMAIL);
    await chown(join(folder, "root/var/vmail/users.sqlite"), VMAIL, VMAIL);
    await server.stop();
    await server.start();
    const asFound = snapshot(etc);
    const works = await signIns(ports, VIRTUAL);
    const home = join(folder, "home");
    const cli = new Cli(home);

    // Nobody agreed to it.
    expect(await cli.json("adopt", ...options)).toMatchObject({ code: 3, outcome: "refused" });
    // A control panel writes there, unless somebody knows better.
    await mkdir(join(folder, "root/usr/local/cpanel"), { recursive: true });
    await writeFile(join(folder, "root/usr/local/cpanel/version"), "11.132.0.1\n");
    const refused = await cli.json<Answer>("adopt", ...options, "--yes");
    expect(refused).toMatchObject({ code: 3, outcome: "refused" });
    expect(refused.refused?.join()).toContain("cPanel & WHM (/usr/local/cpanel/version)");
    expect(await cli.json("adopt", ...options, "--dry-run", "--anyway")).toMatchObject({ code: 0 });
    await rm(join(folder, "root/usr/local/cpanel"), { recursive: true });
    expect([snapshot(etc), existsSync(home)]).toEqual([asFound, false]);

    // Dovecot can't read the map: seen after the reload, and everything is put back.
    await chmod(etc, 0o700);
    const failed = await cli.json<{ outcome: string; lines: string[] }>("adopt", ...options, "--yes");
    await chmod(etc, 0o755);
    expect(failed).toMatchObject({ code: 5, outcome: "rolled-back" });
    expect(failed.lines.join()).toContain("can't read the access map");
    expect(snapshot(etc)).toEqual(asFound);
    expect(await signIns(ports, VIRTUAL)).toEqual(works);

    // Edited since: the edit stays, our lines go, also where adopting was cut off after its last step.
    expect(await cli.json("adopt", ...options, "--yes")).toMatchObject({ code: 0, outcome: "adopted" });
    expect(await cli.run("adopt", ...options, "--yes")).toMatchObject({ code: 3 });
    const record = await readFile(join(home, "adoption.json"), "utf8");
    await writeFile(join(home, "adoption.json"), record.replace('"adopted"', '"adopting"'));
    expect((await cli.run("adopt", ...options, "--yes")).stderr).toContain("was cut off");
    const before = await readFile(conf, "utf8");
    await writeFile(conf, `# mine\n${before}login_greeting = edited\n`);
    expect(await cli.json("release", "--yes")).toMatchObject({
      code: 0,
      outcome: "released",
      givenBack: "lines-out",
    });
    const [added] = /\n# >>> Portcullis[\s\S]*# <<< Portcullis\n/.exec(before) ?? [""];
    expect(await readFile(conf, "utf8")).toBe(
      `# mine\n${before.replace(added, "")}login_greeting = edited\n`,
    );
    expect(existsSync(join(etc, "portcullis"))).toBe(false);
    expect(await signIns(ports, VIRTUAL)).toEqual(works);
    expect(await cli.run("release", "--yes")).toMatchObject({ code: 3 });

    // One that doesn't run: told, and in place for its next start.
    await server.stop();
    const waiting = await cli.json<Answer>("adopt", ...options, "--yes");
    expect(waiting).toMatchObject({ code: 7, outcome: "waiting", server: { running: false } });
    await server.start();
    expect(await signIns(ports, VIRTUAL)).toEqual(works);
    expect(await cli.json("release", "--yes")).toMatchObject({ code: 0, givenBack: "as-found" });
    expect(await signIns(ports, VIRTUAL)).toEqual(works);
  });
});
