import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settings } from "@/lib/core/settings/catalogue";
import { defaultSettings } from "@/lib/core/settings/schema";
import { DOVECOTS } from "../support/dovecot-versions";
import { runToEnd } from "../support/run-script";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const PORTCULLIS = fileURLToPath(new URL("../../bin/portcullis", import.meta.url));
const SCHEMA = fileURLToPath(new URL("../../docs/settings.schema.json", import.meta.url));

describe.each(DOVECOTS)("the settings at a shell, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());

  const cli = async (...args: string[]) =>
    await runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: sandbox.home.folder });
  const json = async <T>(...args: string[]): Promise<T> =>
    JSON.parse((await cli(...args, "--json")).stdout) as T;

  it("list tells every setting, with exactly the fields that scripts rely on", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const listed = await json<Record<string, unknown>[]>("mailserver", "list");
    expect(listed.map(({ key }) => key)).toEqual(settings.map(({ key }) => key));
    for (const one of listed) {
      const bounds = "range" in one ? "range" : "options";
      const names = ["key", "label", "section", "type", "unit", bounds, "default", "value", "since"];
      expect(Object.keys(one).toSorted()).toEqual(names.toSorted());
      expect(one.value).toEqual(one.default);
    }
    const found = await json<{ key: string }[]>("mailserver", "list", "--search", "memory limit");
    expect(found.map(({ key }) => key)).toEqual(["login_memory_mb", "mail_memory_mb", "config_memory_mb"]);
    expect((await cli("mailserver", "list", "--search", "cipher")).stdout).toContain("tls_ciphers");
  });

  it("describe tells what there is to know, and what Dovecot has", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const [port, hibernate] = await json<Record<string, unknown>[]>(
      "mailserver",
      "describe",
      "imap_port",
      "idle_hibernate_s",
    );
    expect(port).toMatchObject({
      value: null,
      effective: {
        value: sandbox.ports.imap,
        asWanted: true,
        setBy: { line: expect.any(Number), afterOurs: false },
      },
    });
    expect(hibernate).toMatchObject({
      label: "Idle Hibernate Timeout",
      default: 30,
      unit: "s",
      risk: { level: "low" },
      ask: { "2.3": ["doveconf -h imap_hibernate_timeout"] },
      effective: { value: 30, asWanted: true },
    });
    const text = (await cli("mailserver", "describe", "tls13_suites")).stdout;
    expect(text).toContain("TLS 1.3 Cipher Suites");
    expect(text).toContain(
      dovecot.family === "2.3" ? "has no such setting; 2.4 has" : "Dovecot's own default",
    );
  });
});

/** What it answers doesn't hang on the version: one Dovecot does, and each call is a process. */
describe.each(DOVECOTS.slice(0, 1))("changing settings at a shell, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());

  const cli = async (...args: string[]) =>
    await runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: sandbox.home.folder });
  const json = async <T>(...args: string[]): Promise<T> =>
    JSON.parse((await cli(...args, "--json")).stdout) as T;

  it("set takes several at once as one revision, and one that contradicts nothing", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const set = await cli(
      "mailserver",
      "set",
      "imap_max_connections=30",
      "mdbox_rotate_mb=20 MB",
      "auth_cache_size_mb=1",
      "idle_check_s=",
      "--json",
    );
    expect(JSON.parse(set.stdout)).toMatchObject({ outcome: "applied", revision: 2, saved: true });
    expect(
      await json("mailserver", "get", "imap_max_connections", "mdbox_rotate_mb", "idle_check_s"),
    ).toEqual({
      revision: 2,
      settings: { imap_max_connections: 30, mdbox_rotate_mb: 20, idle_check_s: null },
    });
    expect((await cli("mailserver", "get", "idle_check_s", "keep_sessions")).stdout).toBe(
      "idle_check_s=\nkeep_sessions=off\n",
    );
    const back = await cli(
      "mailserver",
      "set",
      ...["imap_max_connections", "idle_check_s"].map((key) => `${key}=default`),
    );
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining("Saved as revision 3") });
  });

  it("tells every complaint at once, each at its setting, and what is weak but legal apart from it", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const wrong = await cli(
      "mailserver",
      "set",
      "imap_port=0",
      "tls_ciphers=NOPE",
      "login_max_processes=9000",
      "login_memory_mb=4096",
      "lmtp_spare_processes=3",
      "lmtp_max_processes=2",
      "listen_addresses=203.0.113.7",
      "no_such=1",
      "--json",
    );
    expect(wrong.code).toBe(2);
    const { outcome, problems } = JSON.parse(wrong.stdout) as {
      outcome: string;
      problems: { key: string }[];
    };
    expect(outcome).toBe("invalid");
    expect(problems.map(({ key }) => key).toSorted()).toEqual([
      "imap_port",
      "listen_addresses",
      "lmtp_spare_processes",
      "login_max_processes",
      "no_such",
      "tls_ciphers",
    ]);

    const weak = await cli("mailserver", "set", "plaintext_auth=on", "trash_expunge=on", "--json");
    expect(weak.code).toBe(2);
    expect(JSON.parse(weak.stdout)).toMatchObject({
      outcome: "needs-confirmation",
      saved: false,
      warnings: [{ key: "plaintext_auth" }, { key: "trash_expunge" }],
    });
    const dry = await cli("mailserver", "set", "plaintext_auth=on", "--dry-run");
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining("Needs --accept-warnings.") });
    expect(await cli("mailserver", "set", "plaintext_auth=on", "--accept-warnings")).toMatchObject({
      code: 0,
    });
  });

  it("export and import are each other's way back, by the published schema", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
    const file = join(sandbox.home.folder, "settings.json");
    expect(await cli("mailserver", "export", "--out", file)).toMatchObject({ code: 0 });
    const before = JSON.parse(readFileSync(file, "utf8")) as { settings: Record<string, unknown> };
    expect(validate(before)).toBe(true);
    expect((await cli("mailserver", "set", "pop3_max_connections=9", "ipv6=default")).code).toBe(0);

    const dry = await cli("mailserver", "import", file, "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        "Maximum POP3 Connections per User and IP: 9 connections → 3 connections",
      ),
    });
    expect(await json("mailserver", "get", "pop3_max_connections")).toMatchObject({
      settings: { pop3_max_connections: 9 },
    });
    expect(await cli("mailserver", "import", file, "--accept-warnings")).toMatchObject({ code: 0 });
    expect((await json<typeof before>("mailserver", "export")).settings).toEqual(before.settings);

    for (const broken of [
      { ...before, extra: 1 },
      { format: "portcullis-settings/2", settings: {} },
      { format: "portcullis-settings/1", settings: { imap: "on", imap_port: "143", no_such: 1 } },
    ]) {
      writeFileSync(file, JSON.stringify(broken));
      expect(validate(broken)).toBe(false);
      expect(await cli("mailserver", "import", file)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Nothing was saved or changed."),
      });
    }
    writeFileSync(file, JSON.stringify({ format: "portcullis-settings/1", settings: defaultSettings }));
    expect(await cli("mailserver", "import", file)).toMatchObject({ code: 0 });
    expect(await cli("verify")).toMatchObject({ code: 0 });
  });
});
