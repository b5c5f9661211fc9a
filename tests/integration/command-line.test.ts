import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultSettings, unsetSettings } from "@/lib/core/settings/schema";
import { DOVECOTS } from "../support/dovecot-versions";
import { runToEnd } from "../support/run-script";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const PORTCULLIS = fileURLToPath(new URL("../../bin/portcullis", import.meta.url));

describe("the command line without a home", () => {
  const scratch = mkdtempSync(join(tmpdir(), "portcullis-cli-"));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const cli = async (...args: string[]) =>
    await runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: join(scratch, "no-home") });

  it("renders: settings in, files out, no daemon and no database", async () => {
    writeFileSync(join(scratch, "settings.json"), JSON.stringify({ ...unsetSettings, pop3: "off" }));
    for (const family of ["2.3", "2.4"]) {
      const out = join(scratch, family);
      const ran = await cli(
        "render",
        "--dovecot",
        family,
        "--settings",
        join(scratch, "settings.json"),
        "--out",
        out,
        "--json",
      );
      expect(ran).toMatchObject({ code: 0 });
      expect(JSON.parse(ran.stdout)).toMatchObject({ files: [join(out, "settings.conf")] });
      const golden = fileURLToPath(
        new URL(`../golden/render/pop3-closed/expected-${family}/settings.conf`, import.meta.url),
      );
      expect(readFileSync(join(out, "settings.conf"), "utf8")).toBe(readFileSync(golden, "utf8"));
    }
  });

  it.each([
    [["render", "--dovecot", "2.2", "--settings", "x", "--out", "y"], "Allowed choices are 2.3, 2.4"],
    [
      ["render", "--dovecot", "2.3", "--settings", "/no/such/file", "--out", "y"],
      "The settings can't be read",
    ],
    [["mailserver", "set", "pop3"], "not of the form key=value"],
    [["mailserver", "set", "pop3=on", "pop3=off"], "pop3 is set twice"],
    [["mailserver", "import", "/no/such/file"], "/no/such/file can't be read"],
    [["completion", "csh"], "Allowed choices are bash, zsh, fish"],
    [["no-such-command"], "unknown command"],
    [["status", "--no-such-option"], "unknown option"],
  ])("%j is wrong: exit 2 and a sentence", async (args, sentence) => {
    const ran = await cli(...args);
    expect(ran.stderr).toContain(sentence);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
  });

  it("says what to do where nothing is set up", async () => {
    const ran = await cli("status");
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('Run "npm start" once') });
  });

  it.each([
    ["--help"],
    ["status", "--help"],
    ["mailserver", "set", "--help"],
    ["mailserver", "list", "--help"],
    ["mailserver", "import", "--help"],
    ["completion", "--help"],
    ["render", "--help"],
    ["verify", "--help"],
    ["sandbox", "accounts", "--help"],
  ])("%j %j %j answers", async (...args) => {
    const ran = await cli(...args.filter((arg) => typeof arg === "string"));
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("Usage: portcullis") });
  });
});

describe.each(DOVECOTS)("the command line on Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());

  const cli = async (...args: string[]) =>
    await runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: sandbox.home.folder });
  const json = async (...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await cli(...args, "--json")).stdout) as Record<string, unknown>;

  it("goes from off to on, and says at each step what is so", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(await cli("verify")).toMatchObject({ code: 0 });
    expect(await json("mailserver", "get")).toEqual({ revision: 1, settings: defaultSettings });
    expect(await json("mailserver", "get", "pop3", "imap")).toEqual({
      revision: 1,
      settings: { imap: true, pop3: true },
    });

    const dry = await cli("mailserver", "set", "pop3=off", "--reason", "try", "--dry-run");
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining("+++ wanted/settings.conf") });
    expect(await json("mailserver", "get", "pop3")).toEqual({ revision: 1, settings: { pop3: true } });

    const off = await cli("mailserver", "set", "pop3=off", "--reason", "weekend", "--json");
    expect(off.code).toBe(0);
    expect(JSON.parse(off.stdout)).toMatchObject({
      outcome: "applied",
      revision: 2,
      saved: true,
      enforcement: { how: "stop" },
    });

    const status = await json("status");
    expect(status).toMatchObject({
      wanted: { revision: 2, reason: "weekend" },
      inForce: { revision: 2 },
      loaded: true,
      differences: [],
    });
    const { imap, imaps, pop3, pop3s, lmtp } = sandbox.ports;
    const expected = [
      { protocol: "imap", port: imap, tls: false, wanted: "open", seen: "open" },
      { protocol: "imap", port: imaps, tls: true, wanted: "open", seen: "open" },
      { protocol: "pop3", port: pop3, tls: false, wanted: "closed", seen: "closed" },
      { protocol: "pop3", port: pop3s, tls: true, wanted: "closed", seen: "closed" },
      { protocol: "lmtp", port: lmtp, tls: false, wanted: "open", seen: "open" },
    ].map((listener) => expect.objectContaining({ address: "127.0.0.1", ...listener }) as unknown);
    expect(status.listeners).toHaveLength(expected.length);
    expect(status.listeners).toEqual(expect.arrayContaining(expected));

    expect(JSON.parse((await cli("mailserver", "set", "pop3=off", "--json")).stdout)).toMatchObject({
      outcome: "unchanged",
      saved: false,
    });
    expect(await cli("mailserver", "set", "pop3=on")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("after one reload"),
    });
    expect(await cli("verify")).toMatchObject({ code: 0 });
  });

  // What follows doesn't hang on the version, so one is enough.
  if (dovecot !== DOVECOTS[0]) return;

  it("has an exit code for each way to fail, and changes nothing", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { revision } = await json("mailserver", "get");
    expect(await cli("mailserver", "set", "pop3=maybe")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("must be on or off"),
    });
    expect(await cli("mailserver", "set", "pop3=off", "imap=off")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes"),
    });
    expect(await cli("mailserver", "set", "pop3=off", "--revision", "1")).toMatchObject({ code: 4 });
    expect(await cli("mailserver", "get", "pop4")).toMatchObject({ code: 2 });
    expect(await cli("mailserver", "describe", "imap", "pop4")).toMatchObject({ code: 2 });
    expect(await json("mailserver", "get")).toMatchObject({ revision });
  });

  it("tells the sample mailboxes, with passwords that work", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const accounts = JSON.parse((await cli("sandbox", "accounts", "--json")).stdout) as unknown[];
    expect(accounts).toEqual(sandbox.accounts);
    expect(accounts.length).toBeGreaterThan(3);
  });

  it("verify tells a daemon that is down, and a file that was edited", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    await sandbox.stop();
    expect(await cli("verify")).toMatchObject({
      code: 7,
      stdout: expect.stringContaining("Dovecot is not running."),
    });
    const set = await cli("mailserver", "set", "pop3=off");
    expect(set).toMatchObject({ code: 6 });
    await sandbox.start();
    expect(await cli("verify")).toMatchObject({ code: 7 });
  });
});
