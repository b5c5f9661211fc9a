import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { freePorts } from "../support/ports";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";

const DAY_MS = 86_400_000;

describe.each(DOVECOTS)("refused before Dovecot $family sees it", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let site: string;
  let certificate: { cert: string; key: string };
  const file = (name: string) => join(dirname(sandbox.configFile), name);
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    site = readFileSync(sandbox.configFile, "utf8");
    certificate = {
      cert: readFileSync(file("cert.pem"), "utf8"),
      key: readFileSync(file("key.pem"), "utf8"),
    };
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  afterEach(async () => {
    if (dovecot.missing) return;
    writeFileSync(sandbox.configFile, site);
    writeFileSync(file("cert.pem"), certificate.cert);
    writeFileSync(file("key.pem"), certificate.key);
    chmodSync(file("cert.pem"), 0o644);
  });

  const live = () => readFileSync(file("portcullis/settings.conf"), "utf8");
  /** What a save is refused for; nothing was saved, and the live file is as it was. */
  const refused = async (patch: Record<string, unknown>) => {
    const [before, { number }] = [live(), await latestRevision(sandbox.node.db)];
    const result = await save(sandbox, patch);
    expect(live()).toBe(before);
    expect((await latestRevision(sandbox.node.db)).number).toBe(number);
    if (result.kind !== "refused" && result.kind !== "invalid")
      throw new Error(`It ended as ${result.kind}.`);
    return result.problems;
  };
  const made = async (options: { from: number; to: number }) => {
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
      notBeforeDate: new Date(Date.now() + options.from * DAY_MS),
      notAfterDate: new Date(Date.now() + options.to * DAY_MS),
      keyType: "rsa",
    });
    return { cert, key };
  };

  it("a certificate that is expired, not yet valid, damaged, missing or closed to Dovecot", async () => {
    const expired = await made({ from: -20, to: -10 });
    writeFileSync(file("cert.pem"), expired.cert);
    writeFileSync(file("key.pem"), expired.key);
    expect(await refused({ idle_check_s: 7 })).toEqual([
      { key: "certificate", message: expect.stringMatching(/cert\.pem expired on \d{4}-\d\d-\d\d/) },
    ]);
    const early = await made({ from: 5, to: 10 });
    writeFileSync(file("cert.pem"), early.cert);
    writeFileSync(file("key.pem"), early.key);
    expect(await refused({ idle_check_s: 7 })).toMatchObject([
      { message: expect.stringContaining("not valid before") },
    ]);
    writeFileSync(file("cert.pem"), "no certificate\n");
    expect(await refused({ idle_check_s: 7 })).toMatchObject([
      { message: expect.stringContaining("can't be made sense of") },
    ]);
    rmSync(file("cert.pem"));
    expect(await refused({ idle_check_s: 7 })).toMatchObject([
      { key: "certificate", message: expect.stringContaining("does not exist") },
    ]);
    writeFileSync(file("cert.pem"), certificate.cert, { mode: 0o600 });
    chmodSync(file("cert.pem"), 0o600);
    expect(await refused({ idle_check_s: 7 })).toMatchObject([
      { key: "certificate", message: expect.stringContaining("can't be read by Dovecot") },
    ]);
  });

  itOnce("a key of another certificate, with which every TLS connection would fail", async () => {
    writeFileSync(file("key.pem"), (await made({ from: -1, to: 10 })).key);
    expect(await refused({ idle_check_s: 7 })).toEqual([
      { key: "certificate", message: expect.stringContaining("doesn't belong to the certificate") },
    ]);
  });

  itOnce("an expired certificate is no reason not to close a protocol", async () => {
    const expired = await made({ from: -20, to: -10 });
    writeFileSync(file("cert.pem"), expired.cert);
    writeFileSync(file("key.pem"), expired.key);
    expect(outcomeOf(await save(sandbox, { pop3: false }))).toMatchObject({ kind: "applied" });
    expect(await refused({ pop3: true })).toMatchObject([{ key: "certificate" }]);
    writeFileSync(file("cert.pem"), certificate.cert);
    writeFileSync(file("key.pem"), certificate.key);
    expect(outcomeOf(await save(sandbox, { pop3: true }))).toMatchObject({ kind: "applied" });
  });

  it.each([
    [{ tls_ciphers: "NOPE" }, "tls_ciphers", "nothing that this server's OpenSSL knows"],
    [{ tls_ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }, "tls_ciphers", "leaves nothing for TLSv1.2"],
    [{ tls_min_protocol: "TLSv1" }, "tls_min_protocol", "DEFAULT:@SECLEVEL=0"],
    [{ tls_min_protocol: "TLSv1", tls_ciphers: "DEFAULT" }, "tls_min_protocol", '":@SECLEVEL=0"'],
    [{ tls_min_protocol: "SSLv3" }, "tls_min_protocol", "must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"],
    [{ plaintext_auth: true, tls_required: true }, "plaintext_auth", "can't be on while TLS is required"],
    [{ login_max_processes: 10_000, login_memory_mb: 4096 }, "login_max_processes", "this machine has"],
    [{ login_spare_processes: 60 }, "login_spare_processes", "more than the maximum of 50"],
    [
      { lmtp_spare_processes: 3, lmtp_max_processes: 2 },
      "lmtp_spare_processes",
      "more than the maximum of 2",
    ],
    [{ imap: false, idle_hibernate_s: 60 }, "idle_hibernate_s", "nothing to hibernate while IMAP is off"],
    [{ listen_addresses: "203.0.113.9" }, "listen_addresses", "is not an address of this host"],
    [{ ipv6: "maybe" }, "ipv6", "must be on or off"],
    [{ trash_expunge: true, trash_expunge_days: "" }, "trash_expunge_days", "must be set"],
  ])("%j", async (patch, key, sentence) => {
    const problems = await refused(patch);
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.message).toContain(sentence);
  });

  it("suites that OpenSSL doesn't know, where the version has them; the setting itself, where it lacks them", async () => {
    expect(await refused({ tls13_suites: "TLS_NOPE" })).toMatchObject([
      {
        key: "tls13_suites",
        message: expect.stringContaining(
          dovecot.family === "2.4" ? "OpenSSL doesn't know" : "needs Dovecot 2.4; this is 2.3",
        ),
      },
    ]);
  });

  itOnce("a port that another listener has, and one that another program took", async () => {
    expect(await refused({ imap_port: sandbox.ports.imaps })).toMatchObject([{ key: "imap_port" }]);
    expect(await refused({ imap_port: sandbox.ports.lmtp })).toMatchObject([
      { key: "imap_port", message: expect.stringContaining("which lmtp (lmtp) listens on") },
    ]);
    const [port = 0] = await freePorts(1);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen({ host: "127.0.0.1", port }, resolve));
    const problems = await refused({ imaps_port: port });
    await new Promise((resolve) => other.close(resolve));
    expect(problems).toMatchObject([
      { key: "imaps_port", message: expect.stringContaining("taken by another program") },
    ]);
  });

  it("a protocol whose program is missing, and a plugin that is not installed, each with its package", async () => {
    const { config } = (await mailserverStatus(sandbox.node)).site ?? {};
    const libexec = config?.asked.settings.libexec_dir ?? "";
    const root = sandbox.node.instance.root;
    const folder = join(dirname(sandbox.configFile), "programs");
    mkdirSync(folder, { recursive: true });
    for (const program of ["imap", "imap-login", "lmtp", "pop3"]) {
      copyFileSync(join(root, libexec, program), join(folder, program));
    }
    const inside = folder.slice(root.length);
    const changed = `libexec_dir = ${inside}\nmail_plugin_dir = ${inside}`;
    writeFileSync(sandbox.configFile, site.replace("# Read last", `${changed}\n# Read last`));
    const problems = await refused({ compress: true });
    expect(problems).toContainEqual({
      key: "pop3",
      message: expect.stringMatching(/pop3-login is not installed \(package dovecot-pop3d\)/),
    });
    expect(problems).toContainEqual({
      key: "compress",
      message: expect.stringContaining("package dovecot-core"),
    });
    rmSync(folder, { recursive: true });
  });

  itOnce("everything at once, and not the first only", async () => {
    const expired = await made({ from: -20, to: -10 });
    writeFileSync(file("cert.pem"), expired.cert);
    writeFileSync(file("key.pem"), expired.key);
    const problems = await refused({
      imap_port: "no port",
      imaps_port: sandbox.ports.lmtp,
      tls_ciphers: "NOPE",
      plaintext_auth: true,
      tls_required: true,
      login_max_processes: 10_000,
      login_memory_mb: 4096,
      lmtp_spare_processes: 3,
      lmtp_max_processes: 2,
      listen_addresses: ["127.0.0.1", "203.0.113.9"],
      no_such_setting: 1,
    });
    expect(problems.map(({ key }) => key).toSorted()).toEqual([
      "certificate",
      "imap_port",
      "imaps_port",
      "listen_addresses",
      "lmtp_spare_processes",
      "login_max_processes",
      "no_such_setting",
      "plaintext_auth",
      "tls_ciphers",
    ]);
  });

  itOnce("what is weak but legal asks first, and only for what is changed", async () => {
    expect(
      await save(sandbox, { tls_min_protocol: "TLSv1.1", tls_ciphers: "ALL:eNULL:@SECLEVEL=0" }),
    ).toMatchObject({
      kind: "needs-confirmation",
      authenticationOnly: false,
      warnings: [
        { key: "tls_min_protocol", message: expect.stringContaining("RFC 8996") },
        { key: "tls_ciphers", message: expect.stringContaining("lets weak ciphers in") },
      ],
    });
    const weak = { plaintext_auth: true };
    const asked = await save(sandbox, weak);
    const sentences = asked.kind === "needs-confirmation" ? asked.warnings.map(({ message }) => message) : [];
    expect(sentences).toHaveLength(1);
    // A tick beside other sentences counts for those.
    expect(await save(sandbox, weak, { acceptWarnings: ["something else"] })).toMatchObject({
      kind: "needs-confirmation",
    });
    expect(outcomeOf(await save(sandbox, weak, { acceptWarnings: sentences }))).toMatchObject({
      kind: "applied",
    });
    expect(outcomeOf(await save(sandbox, { idle_check_s: 11 }))).toMatchObject({ kind: "applied" });
    expect(outcomeOf(await save(sandbox, { plaintext_auth: false }))).toMatchObject({ kind: "applied" });
  });
});
