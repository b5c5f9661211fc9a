import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { SignInCollector } from "@/lib/server/use/collect";
import { pruneUse } from "@/lib/server/use/prune";
import { outside, runDovecot } from "@/lib/system/dovecot/instance";
import { fileLog } from "@/lib/system/logs/file-tail";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";

describe.each(DOVECOTS)("sign-ins at Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let log: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    const { instance } = sandbox.node;
    log = outside(instance, join(instance.baseDir, "../log/dovecot.log"));
    await save(sandbox, { plaintext_auth: true }, { acceptWarnings: true });
  });
  afterAll(async () => sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const account = (index: number) => sandbox.accounts[index]!;
  const look = async () => await new SignInCollector(sandbox.node).look();
  const use = (index: number) =>
    sandbox.node.db.accountUse.findMany({
      where: { address: account(index).address },
      orderBy: { protocol: "asc" },
    });
  const day = async (index: number) => {
    const rows = await sandbox.node.db.useDay.findMany({ where: { address: account(index).address } });
    return rows.reduce((sum, { count }) => sum + count, 0);
  };
  const signIn = async (
    index: number,
    protocol: "imap" | "pop3" = "imap",
    encryption: "none" | "starttls" | "tls" = "none",
    from = "127.0.0.1",
  ) => {
    const { imap, imaps, pop3, pop3s } = sandbox.ports;
    const ports = protocol === "imap" ? { plain: imap, tls: imaps } : { plain: pop3, tls: pop3s };
    const { address: user, password } = account(index);
    const port = encryption === "tls" ? ports.tls : ports.plain;
    const login = { protocol, port, encryption, mechanism: "PLAIN", user, password, from } as const;
    expect(await wireLogin(login)).toMatchObject({ answer: "ok" });
  };
  /** Dovecot's log process writes when it comes to it. */
  const until = async (index: number, count: number) =>
    expect.poll(async () => (await look(), await day(index)), { timeout: 5000 }).toBe(count);

  it("are told apart by protocol and by what protects the connection", async () => {
    await signIn(0, "imap", "starttls");
    await signIn(0, "imap", "tls", "127.0.0.2");
    await signIn(0, "pop3", "none", "127.0.0.2");
    await signIn(0, "pop3");
    await until(0, 4);
    const now = Date.now() / 1000;
    const [imap, pop3] = await use(0);
    expect(imap).toMatchObject({ security: "tls", tlsVersion: "TLSv1.3", clearAt: null, webmailAt: null });
    expect(pop3).toMatchObject({ security: "local", tlsVersion: "", webmailAt: null });
    for (const at of [imap!.lastAt, pop3!.lastAt, pop3!.clearAt!])
      expect(Math.abs(now - at)).toBeLessThan(60);
    const days = await sandbox.node.db.useDay.findMany({ where: { address: account(0).address } });
    const sum = (key: "tls" | "starttls" | "encrypted" | "local" | "cleartext") =>
      days.reduce((all, row) => all + row[key], 0);
    expect([sum("tls"), sum("starttls"), sum("encrypted"), sum("local"), sum("cleartext")]).toEqual([
      1, 1, 0, 1, 1,
    ]);
    const hours = await sandbox.node.db.useHour.aggregate({ _sum: { count: true, starttls: true } });
    expect(hours._sum).toEqual({ count: 4, starttls: 1 });
    const from = await sandbox.node.db.useAddress.findMany({ where: { address: account(0).address } });
    expect(from.map(({ protocol, remote, count }) => `${protocol} ${remote} ${count}`).toSorted()).toEqual([
      "imap 127.0.0.1 1",
      "imap 127.0.0.2 1",
      "pop3 127.0.0.1 1",
      "pop3 127.0.0.2 1",
    ]);
  });

  itOnce("count once, whoever reads, however often and at the same time", async () => {
    await signIn(1);
    await signIn(1);
    await until(1, 2);
    await Promise.all([look(), look(), look()]);
    expect(await day(1)).toBe(2);
    await signIn(1);
    await expect
      .poll(async () => (await Promise.all([look(), look()]), await day(1)), { timeout: 5000 })
      .toBe(3);
    // A process that ends between the two halves of its work has kept neither.
    const { db } = sandbox.node;
    const before = await db.useSource.findUniqueOrThrow({ where: { node: "local" } });
    await signIn(1);
    await expect(
      db.$transaction(async (write) => {
        await write.useSource.update({ where: { node: "local" }, data: { position: "elsewhere" } });
        throw new Error("ended");
      }),
    ).rejects.toThrow("ended");
    expect(await db.useSource.findUniqueOrThrow({ where: { node: "local" } })).toEqual(before);
    await until(1, 4);
  });

  it("are neither lost nor doubled by a rotation, by renaming or by copying", async () => {
    const { instance } = sandbox.node;
    await signIn(2);
    await until(2, 1);
    // Renamed; Dovecot goes on writing there until it is told.
    await signIn(2);
    renameSync(log, `${log}.1`);
    await signIn(2);
    await until(2, 3);
    const reopened = await runDovecot(
      instance,
      "doveadm",
      ["-c", instance.configFile, "log", "reopen"],
      5000,
    );
    expect(reopened.exitCode).toBe(0);
    await signIn(2);
    await until(2, 4);
    // Copied and emptied, with something unread in it, and more afterwards.
    await signIn(2);
    await expect.poll(() => existsSync(log)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    copyFileSync(log, `${log}.2`);
    truncateSync(log, 0);
    await signIn(2);
    await until(2, 6);
    await look();
    expect(await day(2)).toBe(6);
    expect(await sandbox.node.db.useGap.count()).toBe(0);
  });

  itOnce("that nobody can read any more are a gap, and none that is doubled", async () => {
    await signIn(3);
    await until(3, 1);
    truncateSync(log, 0);
    await signIn(3);
    await until(3, 2);
    const gaps = await sandbox.node.db.useGap.findMany();
    expect(gaps).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("rotated away, or emptied") }),
    ]);
    expect(gaps[0]!.fromAt).toBeLessThanOrEqual(gaps[0]!.toAt);
  });

  itOnce("by webmail are told apart, and no address is kept where none is to be", async () => {
    const { db } = sandbox.node;
    const actor = { name: "tester", origin: "cli" } as const;
    expect(
      await savePanelSettings(db, actor, "use", { webmail: "127.0.0.3/33", addressDays: "x" }),
    ).toMatchObject({ ok: false, problems: [{ key: "webmail" }, { key: "addressDays" }] });
    expect(await savePanelSettings(db, actor, "use", { webmail: "2001:db8::/32 127.0.0.3" })).toMatchObject({
      ok: true,
    });
    await signIn(4, "imap", "tls", "127.0.0.3");
    await until(4, 1);
    expect(await use(4)).toEqual([
      expect.objectContaining({ clientAt: null, webmailAt: expect.any(Number) }),
    ]);
    await savePanelSettings(db, actor, "use", { addressDays: "0" });
    await signIn(4, "imap", "tls", "127.0.0.2");
    await until(4, 2);
    expect(await use(4)).toEqual([expect.objectContaining({ clientAt: expect.any(Number) })]);
    const where = { address: account(4).address };
    expect((await db.useAddress.findMany({ where })).map(({ remote }) => remote)).toEqual(["127.0.0.3"]);
    await pruneUse(db);
    expect(await db.useAddress.count()).toBe(0);
    expect(await day(4)).toBe(2);
  });

  itOnce("say why they are not collected, and go on when they can be", async () => {
    const { db } = sandbox.node;
    const broken = `${log}-folder/dovecot.log`;
    const elsewhere = new SignInCollector(sandbox.node, async () => fileLog(broken));
    await elsewhere.look();
    const { trouble, readAt } = await db.useSource.findUniqueOrThrow({ where: { node: "local" } });
    expect(trouble).toContain(broken);
    await signIn(4);
    await until(4, 3);
    const after = await db.useSource.findUniqueOrThrow({ where: { node: "local" } });
    expect(after.trouble).toBe("");
    expect(after.readAt).toBeGreaterThanOrEqual(readAt);
  });

  it("in another log are not counted a second time", async () => {
    const { db } = sandbox.node;
    await look();
    const moved = `${log}.moved`;
    const words = dovecot.family === "2.3" ? "Login" : "Logged in";
    const stamp = (at: Date) => at.toISOString();
    const line = (at: Date) =>
      `${stamp(at)} imap-login: Info: ${words}: user=<${account(0).address}>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.2, mpid=1, TLS, session=<x>\n`;
    const before = await day(0);
    writeFileSync(moved, line(new Date(Date.now() - 60_000)));
    const collector = new SignInCollector(sandbox.node, async () => fileLog(moved));
    await collector.look();
    expect(await day(0)).toBe(before);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    appendFileSync(moved, line(new Date()));
    await collector.look();
    expect(await day(0)).toBe(before + 1);
    const days = await db.useDay.aggregate({ _sum: { encrypted: true } });
    expect(days._sum.encrypted).toBe(1);
  });

  itOnce("of long ago are pruned, the last one of each account stays", async () => {
    const { db } = sandbox.node;
    await db.useDay.updateMany({ data: { day: { decrement: 91 } } });
    await pruneUse(db);
    expect(await db.useDay.count()).toBe(0);
    expect(await db.accountUse.count()).toBeGreaterThan(5);
  });
});
