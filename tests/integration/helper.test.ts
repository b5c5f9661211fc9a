import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { markOf } from "@/lib/core/apply/prepare";
import { masterPid } from "@/lib/system/dovecot/daemon";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox, WEB } from "../support/helper-sandbox";
import { readByImap, readByPop3, withImap } from "../support/mail-clients";
import { once } from "../support/once";
import { runToEnd } from "../support/run-script";

describe.each(DOVECOTS)("a panel without rights, through the root helper, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let at: HelperSandbox;
  let siteConfig: string;
  const missing = dovecot.missing ?? notRoot();
  beforeAll(async () => {
    if (missing) return;
    at = await startHelperSandbox(dovecot);
    siteConfig = readFileSync(at.sandbox.configFile, "utf8");
  });
  afterAll(async () => await at?.remove());
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  const anna = () => at.sandbox.accounts[0]!;
  const generated = () => join(dirname(at.sandbox.configFile), "portcullis");
  const live = () => readFileSync(join(generated(), "settings.conf"), "utf8");
  const pop3 = async () =>
    await readByPop3({ port: at.sandbox.ports.pop3, account: anna(), encryption: "none" });
  const imap = async () =>
    await readByImap({ port: at.sandbox.ports.imaps, account: anna(), encryption: "tls" });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await at.cli(...args, "--json");
    return { code, stderr, ...(JSON.parse(stdout || "{}") as Record<string, unknown>) };
  };
  const addToSite = (text: string) =>
    writeFileSync(at.sandbox.configFile, siteConfig.replace("# Read last", `${text}\n# Read last`));

  it("may do nothing by itself: not write, not read mail, not ask or signal the daemon", async () => {
    const { instance, ports } = at.sandbox.node;
    const files = await ports.readLive();
    const known = { pid: await masterPid(instance), mark: files && markOf(files) };
    expect(await at.run("rights", JSON.stringify(known))).toEqual({
      "write settings.conf": "EACCES",
      "make a file beside it": "EACCES",
      "write the access map": "EACCES",
      "write dovecot.conf": "EACCES",
      "stage a copy": "EACCES",
      "read passwords": "EACCES",
      "read the key": "EACCES",
      "read a mailbox": "EACCES",
      "signal Dovecot": "EPERM",
      "connect to the mark": "EACCES",
      "read the helper's folder": "EACCES",
      "remove the socket": "EACCES",
      "make a socket beside it": "EACCES",
    });
    // A key that stands in the configuration itself, and a password.
    const key = readFileSync(join(dirname(at.sandbox.configFile), "key.pem"), "utf8").replaceAll("\n", " ");
    const line = dovecot.family === "2.4" ? `ssl_server_key_file = inline:${key}` : `ssl_key = "${key}"`;
    addToSite(`${line}\ndoveadm_password = hunter2`);
    const config = JSON.stringify(await at.run("config"));
    writeFileSync(at.sandbox.configFile, siteConfig);
    expect(config).toContain("doveadm_password");
    expect(config).not.toMatch(/hunter2|PRIVATE KEY/);
  });

  itOnce(
    "makes root at a shell no more than that: what its home names as a program is not run by root",
    async () => {
      const kept = readFileSync(at.web.instance, "utf8");
      // A root of its own, with a shell in it and a "dovecot" that tells as whom it was run.
      const evil = join(at.web.folder, "evil");
      const { stdout: libraries } = await runToEnd("ldd", ["/bin/sh"]);
      for (const path of ["/bin/sh", ...(libraries.match(/\/\S+/g) ?? [])])
        cpSync(path, join(evil, path), { dereference: true });
      writeFileSync(join(evil, "bin/dovecot"), "#!/bin/sh\necho > /told\n", { mode: 0o755 });
      chmodSync(evil, 0o777);
      const { helper: _, ...description } = JSON.parse(kept) as Record<string, object>;
      const instance = { ...description.instance, root: evil, user: { uid: 0, gid: 0 } };
      writeFileSync(at.web.instance, JSON.stringify({ ...description, instance }));
      const asRoot = new Cli(at.web.folder);
      await asRoot.run("status");
      writeFileSync(at.web.instance, kept);
      const told = lstatSync(join(evil, "told"), { throwIfNoEntry: false });
      expect(told?.uid ?? WEB.uid).toBe(WEB.uid);
      // And otherwise it works, and leaves nothing behind that the panel can't write.
      expect(await asRoot.run("verify")).toMatchObject({ code: 0 });
      expect(await asRoot.run("mailserver", "set", "idle_check_s=33", "--reason", "by root")).toMatchObject({
        code: 0,
      });
      const foreign = readdirSync(at.web.folder, { recursive: true, encoding: "utf8" }).filter(
        (name) => !name.startsWith("evil") && lstatSync(join(at.web.folder, name)).uid !== WEB.uid,
      );
      expect(foreign).toEqual([]);
      const { stdout } = await at.cli("audit", "list", "--json");
      expect(stdout).toContain("sudo by root");
    },
  );

  it("closes and opens POP3, seen on every port; a dry run and a state that is so already change nothing", async () => {
    const before = live();
    expect(await json("mailserver", "set", "pop3=off", "--dry-run")).toMatchObject({ code: 0 });
    expect(live()).toBe(before);
    expect(await json("mailserver", "set", "pop3=off")).toMatchObject({ code: 0, outcome: "applied" });
    await expect(pop3()).rejects.toThrow("ECONNREFUSED");
    expect((await imap()).length).toBeGreaterThan(0);
    expect(await json("verify")).toMatchObject({ code: 0, inForce: true });
    expect(await json("mailserver", "set", "pop3=on", "idle_check_s=45")).toMatchObject({
      code: 0,
      outcome: "applied",
    });
    expect(await pop3()).toBeGreaterThan(0);
    const { code, stdout } = await at.cli("mailserver", "list");
    expect([code, stdout.includes("idle_check_s")]).toEqual([0, true]);
    expect(await json("mailserver", "set", "pop3=on")).toMatchObject({ code: 0, outcome: "unchanged" });
  });

  itOnce("is refused, rolled back and stuck as without a helper", async () => {
    const before = live();
    expect(await json("mailserver", "set", "tls_ciphers=NO-SUCH-CIPHER")).toMatchObject({
      code: 3,
      problems: [{ message: expect.stringContaining("has nothing that this server's OpenSSL knows") }],
    });
    addToSite("no_such_setting = 1");
    const refused = await at.cli("mailserver", "set", "pop3=off");
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("no_such_setting") });
    expect(live()).toBe(before);
    writeFileSync(at.sandbox.configFile, siteConfig);

    expect(await json("mailserver", "set", "pop3=off")).toMatchObject({ code: 0 });
    const closed = live();
    const garbage = join(dirname(at.sandbox.configFile), "garbage.pem");
    writeFileSync(garbage, "not a certificate\n", { mode: 0o644 });
    const inside = garbage.slice(at.sandbox.node.instance.root.length);
    const line = dovecot.family === "2.4" ? `ssl_server_cert_file = ${inside}` : `ssl_cert = <${inside}`;
    addToSite(`protocol pop3 {\n  ${line}\n}`);
    expect(await json("mailserver", "set", "pop3=on")).toMatchObject({ code: 5, outcome: "rolled-back" });
    expect(live()).toBe(closed);
    expect((await imap()).length).toBeGreaterThan(0);
    writeFileSync(at.sandbox.configFile, siteConfig);

    await at.sandbox.kill();
    expect(await json("mailserver", "set", "idle_check_s=50")).toMatchObject({ code: 6, outcome: "stuck" });
    expect(live()).toBe(closed);
    await at.sandbox.start();
    expect(await json("mailserver", "set", "pop3=on", "idle_check_s=50")).toMatchObject({ code: 0 });
    expect(await json("verify")).toMatchObject({ code: 0 });
  });

  it("tells who is connected and ends it, lists accounts, denies one, and asks Dovecot whether it is so", async () => {
    await withImap({ port: at.sandbox.ports.imap, account: anna(), encryption: "none" }, async (client) => {
      const list = await at.cli("sessions", "list", "--protocol", "imap");
      expect(list.stdout).toContain(anna().address);
      const ended = new Promise((resolve) => client.once("close", () => resolve("ended")));
      expect(await json("sessions", "end", "--q", anna().address)).toMatchObject({
        code: 0,
        ended: 1,
        left: 0,
      });
      expect(await ended).toBe("ended");
    });
    expect(await json("accounts", "sync")).toMatchObject({
      code: 0,
      outcome: "complete",
      found: at.sandbox.accounts.length,
    });
    expect(await json("accounts", "set", anna().address, "pop3=deny")).toMatchObject({
      code: 0,
      enforced: true,
      protocols: { pop3: { proof: { seen: "deny", matches: true } } },
    });
    await expect(pop3()).rejects.toThrow(/disabled/);
    expect((await imap()).length).toBeGreaterThan(0);
    expect(await at.run("size", JSON.stringify({ address: anna().address }))).toMatchObject({
      messages: expect.any(Number),
    });
    // A map that is lost is made anew out of the database, and the rule is there again.
    rmSync(join(generated(), "access.sqlite"));
    expect(await at.run("start")).toMatchObject({ map: { rebuilt: true } });
    await expect(pop3()).rejects.toThrow(/disabled/);
    expect(await json("accounts", "set", anna().address, "pop3=inherit")).toMatchObject({ code: 0 });
    expect(await pop3()).toBeGreaterThan(0);
    expect(await json("verify")).toMatchObject({ code: 0 });
  });

  itOnce("restores without a database; without the helper it says so, and mail goes on", async () => {
    appendFileSync(join(generated(), "settings.conf"), "nonsense = yes\n");
    expect(await json("restore", "--dry-run")).toMatchObject({
      code: 0,
      diff: expect.stringContaining("-nonsense"),
    });
    expect(await json("restore")).toMatchObject({ code: 0, outcome: "restored" });
    expect(live()).not.toContain("nonsense");
    await at.stopHelper();
    const said = expect.stringContaining("helper can't be reached");
    for (const args of [
      ["mailserver", "set", "pop3=off"],
      ["status"],
      ["accounts", "set", anna().address, "pop3=deny"],
    ])
      expect(await at.cli(...args)).toMatchObject({ code: 3, stderr: said });
    expect(await pop3()).toBeGreaterThan(0);
    await at.startHelper();
    expect(await json("verify")).toMatchObject({ code: 0 });
  });
});
