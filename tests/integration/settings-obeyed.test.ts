import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Family } from "@/lib/core/dovecot/version";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { runDovecot } from "@/lib/system/dovecot/instance";
import { processesOf } from "../support/dovecot-processes";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3 } from "../support/mail-clients";
import { freePorts } from "../support/ports";
import { deliverByLmtp, LineClient, plainImapLogin, tlsHandshake } from "../support/raw-clients";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";

const NOTIFY_MIN = 1;

/** Of each version, from the beginning: a client that waits for news, until the last test of all has looked at it. */
const started = new Map<Family, { sandbox: TestSandbox; idling: LineClient }>();
beforeAll(async () => {
  await Promise.all(
    DOVECOTS.filter(({ missing }) => !missing).map(async (dovecot) => {
      const sandbox = await startSandbox(dovecot);
      // So that what is open goes on over all the reloads below.
      const patch = { keep_sessions: true, idle_notify_min: NOTIFY_MIN, idle_hibernate_s: 2 };
      expect(outcomeOf(await save(sandbox, patch, { acceptWarnings: true }))).toMatchObject({
        kind: "applied",
      });
      const { client } = await plainImapLogin(sandbox.ports.imap, sandbox.accounts[4]!);
      client.send("b SELECT INBOX");
      await client.until(/^b OK/);
      client.send("c IDLE");
      await client.until(/^\+/);
      started.set(dovecot.family, { sandbox, idling: client });
    }),
  );
});
afterAll(async () => {
  for (const { sandbox, idling } of started.values()) {
    idling.close();
    await sandbox.remove();
  }
});

describe.each(DOVECOTS)("settings that Dovecot $family is seen to obey", (dovecot) => {
  let sandbox: TestSandbox;
  let siteConfig: string;
  let idling: LineClient;
  beforeAll(() => {
    const mine = started.get(dovecot.family);
    if (!mine) return;
    ({ sandbox, idling } = mine);
    siteConfig = readFileSync(sandbox.configFile, "utf8");
  });
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const account = (index: number) => sandbox.accounts[index]!;
  const set = async (patch: Record<string, unknown>) => {
    const outcome = outcomeOf(await save(sandbox, patch, { acceptWarnings: true }));
    expect(outcome).toMatchObject({ kind: "applied" });
  };
  const inForce = async () => differences(await mailserverStatus(sandbox.node));
  const imapReads = async (index = 0) =>
    (await readByImap({ port: sandbox.ports.imaps, account: account(index), encryption: "tls" })).length;

  it("the oldest TLS: older clients are refused, newer ones served", async () => {
    expect(await tlsHandshake(sandbox.ports.imaps, "TLSv1.2")).toContain("TLSv1.2 ECDHE");
    await set({ tls_min_protocol: "TLSv1.3" });
    expect(await tlsHandshake(sandbox.ports.imaps, "TLSv1.2")).toContain("refused");
    expect(await tlsHandshake(sandbox.ports.imaps, "TLSv1.3")).toContain("TLSv1.3");
    await set({ tls_min_protocol: "TLSv1", tls_ciphers: "DEFAULT:@SECLEVEL=0" });
    expect(await tlsHandshake(sandbox.ports.imaps, "TLSv1")).toContain("TLSv1 ");
    await set({ tls_min_protocol: "TLSv1.2", tls_ciphers: "AES128-SHA" });
    expect(await tlsHandshake(sandbox.ports.pop3s, "TLSv1.2")).toBe("TLSv1.2 AES128-SHA");
    if (dovecot.family === "2.4") {
      await set({ tls13_suites: "TLS_CHACHA20_POLY1305_SHA256" });
      expect(await tlsHandshake(sandbox.ports.imaps, "TLSv1.3")).toBe("TLSv1.3 TLS_CHACHA20_POLY1305_SHA256");
    }
    await set({ tls_ciphers: "default", tls_min_protocol: "default", tls13_suites: "default" });
  });

  it("passwords without TLS: refused from elsewhere, and always allowed on this host", async () => {
    const from = async (address: string) => {
      const { client, answer } = await plainImapLogin(sandbox.ports.imap, account(0), address);
      client.close();
      return answer;
    };
    expect(await from("127.0.0.2")).toMatch(/^a NO \[PRIVACYREQUIRED\]/);
    expect(await from("127.0.0.1")).toMatch(/^a OK/);
    await set({ plaintext_auth: true });
    expect(await from("127.0.0.2")).toMatch(/^a OK/);
    await set({ plaintext_auth: false, tls_required: true });
    expect(await from("127.0.0.2")).toMatch(/^a NO \[PRIVACYREQUIRED\]/);
    expect(await deliverByLmtp(sandbox.ports.lmtp, account(0).address, "over plain LMTP")).toMatch(/^250/);
    await set({ tls_required: false });
  });

  it("connections for one user and address: the one too many is told so", async () => {
    await set({ imap_max_connections: 2, pop3_max_connections: 1 });
    const open = [];
    for (let count = 0; count < 3; count++) open.push(await plainImapLogin(sandbox.ports.imap, account(1)));
    expect(open.map(({ answer }) => /^a (OK|NO \[LIMIT\])/.exec(answer)?.[1])).toEqual([
      "OK",
      "OK",
      "NO [LIMIT]",
    ]);
    for (const { client } of open) client.close();
    await set({ imap_max_connections: "default", pop3_max_connections: "default" });
  });

  it("TLS ports only: the other port refuses, and answers again", async () => {
    await set({ imap_tls_only: true });
    await expect(LineClient.connect(sandbox.ports.imap)).rejects.toThrow("ECONNREFUSED");
    expect(await imapReads()).toBeGreaterThan(0);
    expect(
      await readByPop3({ port: sandbox.ports.pop3, account: account(0), encryption: "none" }),
    ).toBeGreaterThan(0);
    expect(await inForce()).toEqual([]);
    await set({ imap_tls_only: false });
    (await LineClient.connect(sandbox.ports.imap)).close();
  });

  it("ports and addresses: the new ones answer, the old ones refuse", async () => {
    const [port = 0] = await freePorts(1);
    await set({ pop3s_port: port });
    expect(await readByPop3({ port, account: account(0), encryption: "tls" })).toBeGreaterThan(0);
    await expect(LineClient.connect(sandbox.ports.pop3s)).rejects.toThrow("ECONNREFUSED");
    await set({ pop3s_port: "", listen_addresses: "127.0.0.1, 127.0.0.3" });
    (await LineClient.connect(sandbox.ports.pop3s, { host: "127.0.0.3" })).close();
    await set({ listen_addresses: "default" });
    await expect(LineClient.connect(sandbox.ports.pop3s, { host: "127.0.0.3" })).rejects.toThrow(
      "ECONNREFUSED",
    );
    expect(await inForce()).toEqual([]);
  });

  it("processes: as many as are said to wait, one for each connection, and the memory they may take", async () => {
    await set({ login_spare_processes: 3, login_memory_mb: 96, mail_memory_mb: 300, config_memory_mb: 700 });
    await expect
      .poll(async () => (await processesOf(sandbox.node.instance, "imap-login")).length)
      .toBeGreaterThanOrEqual(3);
    const { client } = await plainImapLogin(sandbox.ports.imap, account(2));
    const limits = async (program: string) => [
      ...new Set((await processesOf(sandbox.node.instance, program)).map(({ memoryMb }) => memoryMb)),
    ];
    expect(await limits("pop3-login")).toEqual([96]);
    expect(await limits("config")).toEqual([700]);
    expect(await limits("imap")).toContain(300);
    client.close();
    await set({ login_process_per_connection: true, login_spare_processes: 0 });
    const waiting = await Promise.all([1, 2, 3, 4].map(() => LineClient.connect(sandbox.ports.imap)));
    await Promise.all(waiting.map((one) => one.until(/^\* OK/)));
    expect((await processesOf(sandbox.node.instance, "imap-login")).length).toBeGreaterThanOrEqual(4);
    for (const one of waiting) one.close();
    const back = ["login_spare_processes", "login_memory_mb", "mail_memory_mb", "config_memory_mb"];
    await set({
      ...Object.fromEntries(back.map((key) => [key, "default"])),
      login_process_per_connection: false,
    });
  });

  it("compression: new mail is stored small and everybody reads it, also after it is off again", async () => {
    const [user = "", domain = ""] = account(3).address.split("@");
    const folder = join(dirname(sandbox.configFile), "../mail", domain, user);
    const stored = () =>
      ["new", "cur"].flatMap((part) =>
        readdirSync(join(folder, part)).map((name) => join(folder, part, name)),
      );
    const before = stored().length;
    await set({ compress: true, compress_level: 9 });
    await deliverByLmtp(sandbox.ports.lmtp, account(3).address, "all the same ".repeat(200));
    const isGzip = (path: string) =>
      readFileSync(path)
        .subarray(0, 2)
        .equals(Buffer.from([0x1f, 0x8b]));
    expect(stored().length).toBe(before + 1);
    expect(stored().filter(isGzip).length).toBe(1);
    expect(await imapReads(3)).toBe(before + 1);
    await set({ compress: false });
    await deliverByLmtp(sandbox.ports.lmtp, account(3).address, "in the open");
    expect(stored().filter(isGzip).length).toBe(1);
    expect(await imapReads(3)).toBe(before + 2);
    expect(await readByPop3({ port: sandbox.ports.pop3s, account: account(3), encryption: "tls" })).toBe(
      before + 2,
    );
  });

  it("quota: Trash counts or doesn't, and a full mailbox is refused for good or for now", async () => {
    const quota =
      dovecot.family === "2.4"
        ? "mail_plugins {\n  quota = yes\n}\nquota user {\n  driver = count\n  quota_storage_size = 20K\n  quota_storage_grace = 0\n}\n"
        : "mail_plugins = quota\nplugin {\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:storage=20K\n  quota_grace = 0\n}\n";
    writeFileSync(sandbox.configFile, siteConfig.replace("# Read last", `${quota}\n# Read last`));
    const { address, password } = account(5);
    const usage = async () => {
      const ran = await runDovecot(
        sandbox.node.instance,
        "doveadm",
        ["-c", sandbox.node.instance.configFile, "-f", "tab", "quota", "get", "-u", address],
        10_000,
      );
      const [head = "", row = ""] = ran.stdout.split("\n");
      return Number(row.split("\t")[head.toLowerCase().split("\t").indexOf("value")]);
    };
    await set({ trash_in_quota: true, quota_full_response: "defer" });
    const client = (await plainImapLogin(sandbox.ports.imap, { address, password })).client;
    const text = `Subject: x\r\n\r\n${"y".repeat(8000)}\r\n`;
    client.send(`d APPEND Trash {${text.length}}`);
    await client.until(/^\+/);
    client.send(text);
    expect(await client.until(/^d /)).toMatch(/^d OK/);
    client.close();
    const counted = await usage();
    expect(await deliverByLmtp(sandbox.ports.lmtp, address, "z".repeat(30_000))).toMatch(/^4/);
    await set({ trash_in_quota: false, quota_full_response: "reject" });
    expect(await usage()).toBeLessThan(counted - 6);
    expect(await deliverByLmtp(sandbox.ports.lmtp, address, "z".repeat(30_000))).toMatch(/^5/);
    writeFileSync(sandbox.configFile, siteConfig);
    await set({ trash_in_quota: "default", quota_full_response: "default", idle_check_s: 20 });
  });

  it("weak password schemes: refused as a temporary failure, or let in", async (context) => {
    if (dovecot.family === "2.3") context.skip("Dovecot 2.3 has no such setting.");
    const users = join(dirname(sandbox.configFile), "users");
    const kept = readFileSync(users, "utf8");
    const { address, password } = account(1);
    const weak = `${address}:{PLAIN-MD5}${createHash("md5").update(password).digest("hex")}::::::`;
    writeFileSync(users, kept.replace(new RegExp(`^${address}:.*$`, "m"), weak));
    // A passwd-file is looked at again once a second.
    await sleep(1200);
    const answer = async () => {
      const one = await plainImapLogin(sandbox.ports.imap, { address, password });
      one.client.close();
      return one.answer;
    };
    expect(await answer()).toMatch(/^a NO \[UNAVAILABLE\]/);
    await set({ weak_auth_schemes: true });
    expect(await answer()).toMatch(/^a OK/);
    await set({ weak_auth_schemes: false });
    writeFileSync(users, kept);
    await sleep(1200);
  });

  it("a site without a namespace of its own: everybody still finds the inbox", async () => {
    writeFileSync(sandbox.configFile, siteConfig.replace(/^namespace inbox \{\n(?: .*\n)*\}\n/m, ""));
    await set({ trash_expunge: true, trash_expunge_days: 7 });
    expect(await imapReads()).toBeGreaterThan(0);
    writeFileSync(sandbox.configFile, siteConfig);
    await set({ trash_expunge: false });
    expect(await imapReads()).toBeGreaterThan(0);
  });

  it("a line that another file adds later is told, with where it stands", async () => {
    appendFileSync(sandbox.configFile, "\nssl_min_protocol = TLSv1.3\n");
    expect(await inForce()).toEqual([expect.stringContaining("SSL Minimum Protocol is wanted as TLSv1.2")]);
    // It stands in the way of what it undoes, and of nothing else.
    expect(outcomeOf(await save(sandbox, { idle_check_s: 15 }))).toMatchObject({ kind: "applied" });
    const refused = await save(sandbox, { tls_min_protocol: "TLSv1.2" });
    const lines = readFileSync(sandbox.configFile, "utf8").trimEnd().split("\n").length;
    expect(refused).toMatchObject({ kind: "refused", problems: [{ key: "tls_min_protocol" }] });
    expect(JSON.stringify(refused)).toContain(`dovecot.conf line ${lines} says`);
    writeFileSync(sandbox.configFile, siteConfig);
    expect(await inForce()).toEqual([]);
  });

  it("waiting for news: the session sleeps in a shared process, is told it is still there, and wakes", async () => {
    const awake = async () => (await processesOf(sandbox.node.instance, "imap")).length;
    const others = await awake();
    const one = await plainImapLogin(sandbox.ports.imap, account(2));
    one.client.send("b SELECT INBOX");
    await one.client.until(/^b OK/);
    expect(await awake()).toBeGreaterThan(others);
    let asleep = false;
    for (let attempt = 1; !asleep; attempt++) {
      one.client.send("c IDLE");
      await one.client.until(/^\+/);
      asleep = await expect
        .poll(awake, { timeout: 12_000 })
        .toBeLessThanOrEqual(others)
        .then(
          () => true,
          (error: unknown) => {
            // Where the shared process was too busy to take it, Dovecot tries again at the next IDLE only.
            if (attempt === 3) throw error;
            return false;
          },
        );
      if (asleep) break;
      one.client.send("DONE");
      await one.client.until(/^c OK/);
    }
    // The one that was there before the last reload keeps its sessions to their end.
    expect((await processesOf(sandbox.node.instance, "imap-hibernate")).length).toBeGreaterThan(0);
    one.client.send("DONE");
    expect(await one.client.until(/^c /)).toMatch(/^c OK/);
    one.client.close();
    // Begun before all the reloads above. Dovecot spreads the moments, but with the default none would come so soon.
    expect(await idling.until(/^\* OK Still here/, 90_000)).toMatch(/Still here/);
    idling.send("DONE");
    expect(await idling.until(/^c /)).toMatch(/^c OK/);
  }, 120_000);
});
