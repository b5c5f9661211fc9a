import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Edit } from "@/lib/core/access/edits";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { changeAccess } from "@/lib/server/access/change";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { mendMap } from "@/lib/server/access/mend-map";
import { offNow, sessionsOf } from "@/lib/server/access/off-now";
import { prove } from "@/lib/server/access/prove";
import { standingAlarms } from "@/lib/server/alarms";
import { guardMap } from "@/lib/server/keeper/guard-map";
import { accessMapAt } from "@/lib/system/access/map-file";
import { runDovecot } from "@/lib/system/dovecot/instance";
import { openSessions } from "@/lib/system/dovecot/sessions";
import { PASSWORD, startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import { withImap } from "../support/mail-clients";
import { once } from "../support/once";
import type { TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";

const TESTER = { name: "tester", origin: "cli" as const };

describe.each(DOVECOTS)("the access map when things go wrong, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  const mapPath = () => join(dirname(sandbox.configFile), "portcullis", ACCESS_MAP);
  beforeAll(async () => {
    if (dovecot.missing) return;
    // A cache that would keep answers for an hour, if they were kept.
    const cache = "auth_cache_size = 10M\nauth_cache_ttl = 1 hour\nauth_cache_negative_ttl = 1 hour";
    sandbox = await startAccessSandbox(dovecot, ["alice@a.test", "bob@a.test"], cache);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  afterEach(async () => {
    if (dovecot.missing) return;
    await mendMap(sandbox.node);
    await set("inherit");
  });

  const edit = (state: "allow" | "deny" | "inherit", subject = "alice@a.test"): Edit => ({
    kind: "policy",
    subject,
    protocol: "pop3",
    state,
    until: null,
  });
  const set = async (state: "allow" | "deny" | "inherit") =>
    await changeAccess(sandbox.node, {
      actor: TESTER,
      rank: "administrator",
      reason: "",
      edits: [edit(state)],
    });
  const login = async (protocol: "imap" | "pop3" = "pop3", user = "alice@a.test") =>
    (
      await wireLogin({
        protocol,
        port: sandbox.ports[protocol],
        encryption: "none",
        mechanism: "PLAIN",
        user,
        password: PASSWORD,
      })
    ).answer;

  it("an auth cache keeps no stale answer, neither way", async () => {
    for (let round = 0; round < 3; round++) {
      expect(await login()).toBe("ok");
      await set("deny");
      expect(await login()).toBe("disabled");
      expect(await prove(sandbox.node, ["alice@a.test"], ["pop3"])).toMatchObject([
        { seen: "deny", differs: false },
      ]);
      await set("inherit");
    }
  });

  it("missing: nobody gets in, the page says why, and it is made anew without a reload", async () => {
    await set("deny");
    renameSync(mapPath(), `${mapPath()}.gone`);
    // Workers that have the lost file open would go on answering from it.
    expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: false, map: "missing" });
    expect((await accessEnforcement(sandbox.node)).troubles[0]).toContain("is missing");
    await expect(set("allow")).rejects.toThrow("is missing");
    expect(await mendMap(sandbox.node)).toEqual({ rebuilt: true, rows: 0 });
    await expect.poll(() => login()).toBe("disabled");
    expect(await login("pop3", "bob@a.test")).toBe("ok");
    await set("inherit");
    expect(await login()).toBe("ok");
    rmSync(`${mapPath()}.gone`, { force: true });
  });

  it("missing at a start of Dovecot: closed for both protocols, and only for logins", async () => {
    await sandbox.stop();
    renameSync(mapPath(), `${mapPath()}.gone`);
    await sandbox.start();
    expect(await login("pop3")).toBe("temporary");
    expect(await login("imap", "bob@a.test")).toBe("temporary");
    expect(await deliver(sandbox.ports.lmtp, sandbox.accounts[0]!.address)).toMatch(/^250/);
    await guardMap(sandbox.node);
    rmSync(`${mapPath()}.gone`, { force: true });
    await expect.poll(() => login("imap", "bob@a.test")).toBe("ok");
    expect(await standingAlarms(sandbox.node.db)).toEqual([]);
  });

  it("damaged: nobody gets in, and it is made anew from the database", async () => {
    await set("deny");
    writeFileSync(mapPath(), Buffer.alloc(8192, "not a database "));
    expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: false, map: "missing" });
    expect(["temporary", "disabled"]).toContain(await login());
    await guardMap(sandbox.node);
    await expect.poll(() => login()).toBe("disabled");
    expect(await login("pop3", "bob@a.test")).toBe("ok");
    expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: true, map: "current" });
  });

  it("unreadable for the daemon: closed, and open again with the right mode", async () => {
    await sandbox.stop();
    chmodSync(mapPath(), 0o000);
    await sandbox.start();
    expect(await login()).toBe("temporary");
    const [proof] = await prove(sandbox.node, ["alice@a.test"], ["pop3"]).catch(() => []);
    expect(proof?.seen ?? "unknown").toBe("unknown");
    chmodSync(mapPath(), 0o644);
    await expect.poll(() => login()).toBe("ok");
  });

  itOnce("edited by hand: rows that don't belong are taken out, those that lack are put back", async () => {
    await set("deny");
    const other = accessMapAt(mapPath());
    await other.exclusively(async (map) => {
      map.remove([{ k: "alice@a.test", proto: "pop3", kind: 1 }]);
      map.put([{ k: "bob@a.test", proto: "all", kind: 0, state: 0, until: null }]);
    });
    expect([await login(), await login("pop3", "bob@a.test")]).toEqual(["ok", "disabled"]);
    expect(await mendMap(sandbox.node)).toEqual({ rebuilt: false, rows: 2 });
    expect([await login(), await login("pop3", "bob@a.test")]).toEqual(["disabled", "ok"]);
  });

  itOnce(
    "behind, because the panel died between its two commits: told, and mended before all else",
    async () => {
      await set("deny");
      const { db, name } = sandbox.node;
      await db.policy.updateMany({ where: { subject: "alice@a.test" }, data: { state: "allow" } });
      await db.accessState.update({ where: { node: name }, data: { sequence: { increment: 1 } } });
      expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: false, map: "behind" });
      expect(await login()).toBe("disabled");
      expect(await mendMap(sandbox.node)).toEqual({ rebuilt: false, rows: 1 });
      expect(await login()).toBe("ok");
      expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: true });
    },
  );

  itOnce("two who write at once wait for one another, and none of their changes is lost", async () => {
    const mine = accessMapAt(mapPath());
    const names = Array.from({ length: 40 }, (_, index) => `user${index}@a.test`);
    await Promise.all([
      ...names.map(
        async (subject) =>
          await changeAccess(sandbox.node, {
            actor: TESTER,
            rank: "administrator",
            reason: "",
            edits: [edit("deny", subject)],
          }),
      ),
      ...names.map(async () => await mine.exclusively(async () => {})),
    ]);
    expect(await mendMap(sandbox.node)).toEqual({ rebuilt: false, rows: 0 });
    expect([...sandbox.node.map.rows()].filter(({ k }) => k.startsWith("user"))).toHaveLength(40);
  });

  itOnce("a stale form is a conflict that says who was faster, and changes nothing", async () => {
    await set("deny");
    const result = await changeAccess(sandbox.node, {
      actor: { name: "late", origin: "page" },
      rank: "administrator",
      reason: "",
      edits: [edit("allow")],
      expected: [{ subject: "alice@a.test", protocol: "pop3", state: "inherit" }],
    });
    expect(result).toMatchObject({ kind: "conflict", found: [{ state: "deny", actor: "tester" }] });
    expect(await login()).toBe("disabled");
  });

  it("off now: denied, and its own sessions of that protocol ended, nobody else's", async () => {
    const account = { address: "alice@a.test", password: PASSWORD };
    await withImap({ port: sandbox.ports.imap, account, encryption: "none" }, async (mine) => {
      await withImap(
        { port: sandbox.ports.imap, account: { ...account, address: "bob@a.test" }, encryption: "none" },
        async (other) => {
          const pop = await openPop3(sandbox.ports.pop3);
          expect(
            sessionsOf((await openSessions(sandbox.node.instance)) ?? [], "alice@a.test", "imap"),
          ).toHaveLength(1);
          const result = await offNow(sandbox.node, {
            actor: TESTER,
            rank: "administrator",
            subject: "alice@a.test",
            protocol: "imap",
            reason: "stolen phone",
          });
          expect(result).toMatchObject({
            kind: "done",
            sessionsEnded: 1,
            steps: [
              { step: "deny", ok: true },
              { step: "flush", ok: true },
              { step: "end-sessions", ok: true },
            ],
          });
          await expect(mine.status("INBOX", { messages: true })).rejects.toThrow();
          expect(await other.status("INBOX", { messages: true })).toMatchObject({ path: "INBOX" });
          expect(await pop.ask("STAT")).toMatch(/^\+OK/);
          pop.close();
          expect(await login("imap")).toBe("disabled");
        },
      );
    });
    await changeAccess(sandbox.node, {
      actor: TESTER,
      rank: "administrator",
      reason: "",
      edits: [{ ...edit("inherit"), protocol: "imap" } as Edit],
    });
  });

  it("delivery, submission and internal lookups are as before", async () => {
    const [victim] = sandbox.accounts;
    await changeAccess(sandbox.node, {
      actor: TESTER,
      rank: "administrator",
      reason: "",
      edits: [
        {
          kind: "suspend",
          subject: victim!.address,
          protocol: "all",
          rank: "administrator",
          reason: "",
          ticket: "",
          until: null,
        },
      ],
    });
    expect(await deliver(sandbox.ports.lmtp, victim!.address)).toMatch(/^250/);
    for (const service of ["smtp", "submission", "sieve", "lmtp", "doveadm"]) {
      const args = [
        "-c",
        sandbox.node.instance.configFile,
        "auth",
        "lookup",
        "-x",
        `service=${service}`,
        victim!.address,
      ];
      const { stdout } = await runDovecot(sandbox.node.instance, "doveadm", args, 10_000);
      expect(stdout, service).toContain(victim!.address);
      expect(stdout, service).not.toContain("nologin");
    }
    const [suspension] = await sandbox.node.db.suspension.findMany();
    await changeAccess(sandbox.node, {
      actor: TESTER,
      rank: "administrator",
      reason: "",
      edits: [{ kind: "lift", subject: suspension!.subject, id: suspension!.id }],
    });
  });

  itOnce("the files it generates hold no name, and Dovecot may not write them", () => {
    const folder = dirname(mapPath());
    for (const file of ["settings.conf", "access.conf"])
      expect(readFileSync(join(folder, file), "utf8")).not.toContain("alice");
    expect(existsSync(`${mapPath()}-journal`)).toBe(false);
  });
});

/** Hands a message to LMTP; the answer to its end. */
async function deliver(port: number, to: string): Promise<string> {
  const lmtp = await dialogue(port);
  for (const line of ["LHLO test", "MAIL FROM:<a@test.example>", `RCPT TO:<${to}>`, "DATA"])
    await lmtp.ask(line, /^\d{3} /);
  const answer = await lmtp.ask("Subject: hello\r\n\r\nhello\r\n.", /^\d{3} /);
  lmtp.close();
  return answer;
}

async function openPop3(port: number) {
  const pop = await dialogue(port);
  await pop.ask("USER alice@a.test");
  expect(await pop.ask(`PASS ${PASSWORD}`)).toMatch(/^\+OK/);
  return pop;
}

async function dialogue(port: number) {
  const socket = createConnection({ host: "127.0.0.1", port });
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async ask(line: string, last = /^/): Promise<string> {
      socket.write(`${line}\r\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error("the server ended the connection");
        if (last.test(value)) return value;
      }
    },
    close: () => socket.destroy(),
  };
}
