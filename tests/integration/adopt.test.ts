import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, chmod, chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missing, SCENARIOS, startedServer, VIRTUAL } from "../support/adoptable";
import { Cli, PORTCULLIS } from "../support/cli";
import { WEB } from "../support/helper-sandbox";
import { signIns, snapshot } from "../support/system-dovecot";
import { VMAIL } from "../support/system-root";

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

describe.each(SCENARIOS)("a server as in $name", { timeout: 240_000 }, (scenario) => {
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("is adopted without a change, obeys, and is given back as it was found", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const { folder, server } = await startedServer(scenario, ends);
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
    expect(now["portcullis/adoption/as-found/dovecot.conf"]).toBe(asFound["dovecot.conf"]);
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

describe("what stands in the way of adopting, and goes wrong", { timeout: 240_000 }, () => {
  const scenario = SCENARIOS.find(({ name }) => name === "sqlite-cache")!;
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("refuses, goes back, gives an edited server back, and changes nothing without a yes", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const { folder, server } = await startedServer(scenario, ends);
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
    const recordFile = join(etc, "portcullis/adoption/record.json");
    const record = await readFile(recordFile, "utf8");
    await writeFile(recordFile, record.replace('"adopted"', '"adopting"'));
    expect((await cli.run("adopt", ...options, "--yes")).stderr).toContain("was cut off");
    const before = await readFile(conf, "utf8");
    await writeFile(conf, `# mine\n${before}login_greeting = edited\n`);
    expect(await cli.json("release", "--yes")).toMatchObject({
      code: 0,
      outcome: "released",
      givenBack: "lines-out",
    });
    const [added] = /# >>> Portcullis[\s\S]*# <<< Portcullis\n/.exec(before) ?? [""];
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
    // The first change brings it into force, and is seen.
    expect(await cli.run("mailserver", "set", "pop3=off")).toMatchObject({ code: 0 });
    expect(await cli.run("verify")).toMatchObject({ code: 0 });
    const told = JSON.parse((await cli.run("audit", "list", "--action", "server", "--json")).stdout) as {
      action: string;
      outcome: string;
    }[];
    expect(told.map(({ action, outcome }) => `${action} ${outcome}`).toReversed()).toEqual([
      "server.adopt rolled-back",
      "server.adopt done",
      "server.release done",
      "server.adopt waiting",
    ]);
    expect(await cli.json("release", "--yes")).toMatchObject({ code: 0, givenBack: "as-found" });
    expect(await signIns(ports, VIRTUAL)).toEqual(works);
  });
});

describe("a panel that runs as a user of its own", { timeout: 240_000 }, () => {
  const scenario = SCENARIOS.find(({ name }) => name === "virtual-users")!;
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("is given its home and a helper for the adopted server, and nothing that root goes by", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const { folder, server } = await startedServer(scenario, ends);
    const asFound = snapshot(server.etc);
    const works = await signIns(server.ports, VIRTUAL);
    const home = join(folder, "home");
    await mkdir(home, { mode: 0o711 });
    await chown(home, WEB.uid, WEB.gid);
    const helper = join(folder, "helper");
    const environment = {
      PORTCULLIS_HELPER_HOME: helper,
      PORTCULLIS_HELPER_SOCKET: join(folder, "run/helper.sock"),
    };
    const cli = new Cli(home, environment);
    const adopted = await cli.run("adopt", ...server.options, "--yes");
    expect(adopted).toMatchObject({ code: 0 });
    for (const name of ["portcullis.sqlite", "secret", "instance.json", "apply", "audit-head.json"])
      expect([name, (await stat(join(home, name))).uid]).toEqual([name, WEB.uid]);
    expect((await stat(join(server.etc, "portcullis/adoption/record.json"))).uid).toBe(0);

    // At a shell root becomes the home's owner, who asks the helper.
    const child = spawn(PORTCULLIS, ["helper", "--home", helper], { stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    ends.push(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr.on("data", (text) => {
        said += String(text);
        if (said.includes("listens at")) resolve();
      });
      child.once("exit", () => reject(new Error(said)));
    });
    const [anna = ""] = VIRTUAL.map(({ address }) => address);
    expect(await cli.run("accounts", "set", anna, "pop3=deny", "--reason", "by the helper")).toMatchObject({
      code: 0,
    });
    expect(await signIns(server.ports, VIRTUAL)).toEqual({ ...works, [`${anna} pop3`]: "disabled" });
    expect(await cli.run("mailserver", "set", "pop3=off")).toMatchObject({ code: 0 });
    expect((await signIns(server.ports, VIRTUAL))[`${anna} pop3`]).toBe("refused");
    expect(await cli.run("verify")).toMatchObject({ code: 0 });

    // A record that others wrote is none: what root puts in place is not theirs to choose.
    const record = join(server.etc, "portcullis/adoption/record.json");
    await chown(record, WEB.uid, WEB.gid);
    expect(await cli.run("release", "--yes")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("belongs to user"),
    });
    await chown(record, 0, 0);
    expect(await cli.run("release", "--yes")).toMatchObject({ code: 0 });
    expect(snapshot(server.etc)).toEqual(asFound);
    expect(await signIns(server.ports, VIRTUAL)).toEqual(works);
    expect(existsSync(join(helper, "helper.json"))).toBe(false);
  });
});
