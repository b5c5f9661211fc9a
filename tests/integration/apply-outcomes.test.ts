import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { masterPid } from "@/lib/system/dovecot/daemon";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3 } from "../support/mail-clients";
import { once } from "../support/once";
import { freePorts } from "../support/ports";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";
import { mountWorks, onFullDisk } from "../support/small-disk";

describe.each(DOVECOTS)("the apply engine's outcomes, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let siteConfig: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    siteConfig = readFileSync(sandbox.configFile, "utf8");
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  // Whatever a test did to the server's own files is undone, and the server brought back to both open.
  afterEach(async () => {
    if (dovecot.missing) return;
    writeFileSync(sandbox.configFile, siteConfig);
    await save(sandbox, { imap: true, pop3: true }, { replaceEdited: true });
    expect(await inForce()).toEqual([]);
  });

  const inForce = async () => differences(await mailserverStatus(sandbox.node));
  const revision = async () => (await mailserverStatus(sandbox.node)).wanted.number;
  const generated = () => join(dirname(sandbox.configFile), "portcullis");
  const live = () => readFileSync(join(generated(), "settings.conf"), "utf8");
  /** Before the include of the generated file, which stays the last line. */
  const addToSite = (text: string) =>
    writeFileSync(sandbox.configFile, siteConfig.replace("# Read last", `${text}\n# Read last`));
  /** `doveconf` lets it through, and no TLS handshake by POP3 succeeds with it. Returns the file's path. */
  const giveGarbageForCertificate = () => {
    const garbage = join(dirname(sandbox.configFile), "garbage.pem");
    writeFileSync(garbage, "not a certificate\n", { mode: 0o644 });
    const inside = garbage.slice(sandbox.node.instance.root.length);
    addToSite(
      `protocol pop3 {\n  ${dovecot.family === "2.4" ? `ssl_server_cert_file = ${inside}` : `ssl_cert = <${inside}`}\n}`,
    );
    return garbage;
  };
  const imapReads = async () =>
    await readByImap({ port: sandbox.ports.imaps, account: sandbox.accounts[0]!, encryption: "tls" });

  it("rejected: what doveconf refuses is not saved, and the live file is not touched", async () => {
    const before = live();
    const number = await revision();
    addToSite("no_such_setting = 1");
    const result = await save(sandbox, { pop3: false });
    expect(result).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(result)).toContain("no_such_setting");
    expect(live()).toBe(before);
    writeFileSync(sandbox.configFile, siteConfig);
    expect(await revision()).toBe(number);
    expect((await imapReads()).length).toBeGreaterThan(0);
  });

  itOnce("rejected: an address that the host lacks, which would make Dovecot's master panic", async () => {
    await save(sandbox, { pop3: false });
    writeFileSync(
      sandbox.configFile,
      siteConfig.replace("listen = 127.0.0.1", "listen = 127.0.0.1, 203.0.113.77"),
    );
    const result = await save(sandbox, { pop3: true });
    expect(result).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(result)).toContain("203.0.113.77, which is not an address of this host");
    expect((await imapReads()).length).toBeGreaterThan(0);
  });

  itOnce("rejected: a port that another program took while the protocol was closed", async () => {
    await save(sandbox, { pop3: false });
    const other = createServer();
    await new Promise<void>((resolve) =>
      other.listen({ host: "127.0.0.1", port: sandbox.ports.pop3 }, resolve),
    );
    const result = await save(sandbox, { pop3: true });
    await new Promise((resolve) => other.close(resolve));
    expect(result).toMatchObject({ kind: "refused", problems: [{ key: "pop3" }] });
    expect(JSON.stringify(result)).toContain(
      `port ${sandbox.ports.pop3} on 127.0.0.1 is taken by another program`,
    );
  });

  itOnce("rejected: a later line that overrides the generated file", async () => {
    appendFileSync(sandbox.configFile, "\nprotocols = imap pop3 lmtp\n");
    const result = await save(sandbox, { pop3: false });
    expect(result).toMatchObject({ kind: "refused", problems: [{ key: "pop3" }] });
    expect(JSON.stringify(result)).toContain("would stay open");
  });

  itOnce("rejected: a generated file that is not included any more", async () => {
    writeFileSync(sandbox.configFile, siteConfig.replace(/^!include.*$/m, ""));
    expect(JSON.stringify(await save(sandbox, { pop3: false }))).toContain("doesn't include");
  });

  itOnce("rejected: a file that was edited by hand is not overwritten without a word", async () => {
    writeFileSync(join(generated(), "settings.conf"), `${live()}# a note\n`);
    expect(await inForce()).toContain("The generated file was edited by hand since it was last applied.");
    expect(await save(sandbox, { pop3: false })).toMatchObject({
      kind: "refused",
      problems: [{ key: "replaceEdited" }],
    });
    expect(live()).toContain("# a note");
    expect(outcomeOf(await save(sandbox, { pop3: false }, { replaceEdited: true }))).toMatchObject({
      kind: "applied",
    });
    expect(live()).not.toContain("# a note");
  });

  it("rolled back: a certificate that doveconf lets through and whose TLS handshake fails", async () => {
    await save(sandbox, { pop3: false });
    const garbage = giveGarbageForCertificate();
    const outcome = outcomeOf(await save(sandbox, { pop3: true }));
    expect(outcome).toMatchObject({ kind: "rolled-back" });
    expect(JSON.stringify(outcome)).toContain("POP3");
    expect((await imapReads()).length).toBeGreaterThan(0);
    await expect(
      readByPop3({ port: sandbox.ports.pop3, account: sandbox.accounts[0]!, encryption: "none" }),
    ).rejects.toThrow("ECONNREFUSED");
    // Saved and in force are two facts.
    expect(await inForce()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Revision \d+ is wanted and revision \d+ is in force\.$/),
      ]),
    );
    rmSync(garbage);
  });

  it("rolled back: a reload that never confirms, because the master does not run", async () => {
    await save(sandbox, { pop3: false });
    const before = live();
    const pid = await masterPid(sandbox.node.instance);
    process.kill(pid!, "SIGSTOP");
    const pending = save(sandbox, { pop3: true });
    await sleep(9000);
    process.kill(pid!, "SIGCONT");
    expect(outcomeOf(await pending)).toMatchObject({
      kind: "rolled-back",
      reason: "Dovecot did not load the new configuration within 2 seconds.",
    });
    expect(live()).toBe(before);
    // The signals that the stopped master saved up come one after the other, and each ends who is just signing in.
    await expect.poll(async () => (await imapReads()).length, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it("unchanged, and says so: TLS that broke meanwhile is told, not reloaded again and again", async () => {
    const key = join(dirname(sandbox.configFile), "key.pem");
    const kept = readFileSync(key);
    writeFileSync(key, "not a key\n");
    await sandbox.node.ports.reload();
    await sleep(500);
    const outcome = outcomeOf(await save(sandbox, { pop3: true }));
    writeFileSync(key, kept);
    await sandbox.node.ports.reload();
    await sleep(500);
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/unchanged|rejected|refused/) });
    if (outcome.kind === "unchanged") expect(outcome.notes.join(" ")).toMatch(/TLS/);
  });

  itOnce(
    "left alone: a revision that was rolled back is not tried again at the next start, a hand edit not overwritten",
    async () => {
      await save(sandbox, { pop3: false });
      const garbage = giveGarbageForCertificate();
      expect(outcomeOf(await save(sandbox, { pop3: true }))).toMatchObject({ kind: "rolled-back" });
      expect(await reconcile(sandbox.node)).toMatchObject({ kind: "left" });
      writeFileSync(sandbox.configFile, siteConfig);
      writeFileSync(join(generated(), "settings.conf"), `${live()}# mine\n`);
      expect(await reconcile(sandbox.node)).toEqual({ kind: "edited" });
      expect(live()).toContain("# mine");
      rmSync(garbage);
    },
  );

  it("keeps what else the server has: a custom listener closes and opens with its protocol, others stay", async () => {
    const [custom = 0, delivery = 0] = await freePorts(2);
    addToSite(
      `service pop3-login {\n  inet_listener legacy {\n    port = ${custom}\n  }\n}\nservice lmtp {\n  inet_listener second {\n    port = ${delivery}\n  }\n}`,
    );
    // As an administrator does after editing his own file.
    await sandbox.node.ports.reload();
    const open = async () => {
      const { listeners } = await mailserverStatus(sandbox.node);
      const added = listeners.filter(({ port }) => port === custom || port === delivery);
      return added.map(({ protocol, seen }) => `${protocol} ${seen}`).toSorted();
    };
    await expect.poll(open).toEqual(["lmtp open", "pop3 open"]);
    expect(outcomeOf(await save(sandbox, { pop3: false }))).toMatchObject({
      kind: "applied",
      enforcement: { how: "stop" },
    });
    expect(await open()).toEqual(["lmtp open", "pop3 closed"]);
    expect(outcomeOf(await save(sandbox, { pop3: true }))).toMatchObject({ kind: "applied" });
    expect(await open()).toEqual(["lmtp open", "pop3 open"]);
    writeFileSync(sandbox.configFile, siteConfig);
    await sandbox.node.ports.reload();
    await expect.poll(inForce).toEqual([]);
  });

  it("stuck: a daemon that is down; the files are whole, and the next start brings the revision into force", async () => {
    const before = live();
    await sandbox.kill();
    const outcome = outcomeOf(await save(sandbox, { pop3: false }));
    expect(outcome).toMatchObject({ kind: "stuck", daemonDown: true });
    expect(live()).toBe(before);
    expect(await inForce()).toContain("Dovecot is not running.");
    await sandbox.start();
    expect(await recoverInterrupted(sandbox.node)).toBeUndefined();
    expect(await reconcile(sandbox.node)).toMatchObject({
      kind: "applied",
      applied: { outcome: { kind: "applied" } },
    });
    expect(await inForce()).toEqual([]);
  });

  it("unchanged: the same again reloads nothing, and a service that was stopped by hand is opened", async () => {
    expect(outcomeOf(await save(sandbox, { pop3: true }))).toMatchObject({ kind: "unchanged" });
    await sandbox.node.ports.stopServices(["pop3-login", "pop3"]);
    expect(await inForce()).not.toEqual([]);
    expect(outcomeOf(await save(sandbox, { pop3: true }))).toMatchObject({
      kind: "applied",
      enforcement: { how: "reload" },
    });
  });

  // A full disk is the same for every version.
  if (dovecot !== DOVECOTS[0]) return;

  describe("a full disk", () => {
    it.for(["staging", "generated", "journal"])("rejected: no room for the %s", async (what, context) => {
      if (!mountWorks()) context.skip("mounting a small file system needs root");
      const before = live();
      const folders: Record<string, string> = {
        staging: join(dirname(sandbox.configFile), "../staging"),
        generated: generated(),
        journal: dirname(sandbox.home.journal),
      };
      await onFullDisk(folders[what]!, async () => {
        const outcome = outcomeOf(await save(sandbox, { pop3: false }));
        expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(refused|rejected)$/) });
        expect(JSON.stringify(outcome)).toContain("no space left on the disk");
        expect(live()).toBe(before);
        expect((await imapReads()).length).toBeGreaterThan(0);
      });
    });
  });
});

// Only where its programs are a copy of our own: the machine's Dovecot is not robbed of one.
describe.each(DOVECOTS.filter(({ root }) => root !== ""))(
  "a protocol without its program, Dovecot $family",
  (dovecot) => {
    it("is rejected with the package's name, because opening it would end Dovecot", async (context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const sandbox = await startSandbox(dovecot);
      try {
        await save(sandbox, { pop3: false });
        rmSync(join(sandbox.node.instance.root, "usr/lib/dovecot/pop3-login"));
        const result = await save(sandbox, { pop3: true });
        expect(result).toMatchObject({ kind: "refused", problems: [{ key: "pop3" }] });
        expect(JSON.stringify(result)).toContain("package dovecot-pop3d");
        rmSync(join(sandbox.node.instance.root, "usr/lib/dovecot/modules/libdriver_sqlite.so"));
        const again = await save(sandbox, { idle_check_s: 17 });
        expect(JSON.stringify(again)).toContain("package dovecot-sqlite");
      } finally {
        await sandbox.remove();
      }
    });
  },
);
