import { X509Certificate } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MadeCertificate, makeCertificate } from "../support/certificates";
import { Cli, PORTCULLIS } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { runToEnd } from "../support/run-script";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const HOOK = fileURLToPath(new URL("../../docs/examples/certbot-deploy-hook", import.meta.url));
const NAME = "mail.riverside.example";

interface Answer {
  outcome: string;
  problems?: string[];
  ports?: { shows: boolean | null }[];
}

describe.each(DOVECOTS)("a renewed certificate, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let cli: Cli;
  let etc: string;
  let lineage: string;
  let authority: MadeCertificate;
  let generation = 0;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    cli = new Cli(sandbox.home.folder);
    etc = dirname(sandbox.configFile);
    lineage = join(etc, "live/mail");
    for (const folder of [lineage, join(etc, "archive")]) mkdirSync(folder, { recursive: true });
    authority = await makeCertificate("Test authority", 100);
    for (const [name, link] of [
      ["cert.pem", "fullchain.pem"],
      ["key.pem", "privkey.pem"],
    ] as const) {
      renameSync(join(etc, name), join(etc, `archive/first-${name}`));
      symlinkSync(`../../archive/first-${name}`, join(lineage, link));
      symlinkSync(`live/mail/${link}`, join(etc, name));
    }
  });
  afterAll(async () => await sandbox?.remove());

  /** As certbot does it: new files in the archive, and links that lead to them. */
  function put(made: MadeCertificate, key = made.key): void {
    generation++;
    for (const [link, content, mode] of [
      ["fullchain.pem", `${made.cert.trim()}\n${authority.cert.trim()}\n`, 0o644],
      ["privkey.pem", key, 0o644],
    ] as const) {
      writeFileSync(join(etc, `archive/${generation}-${link}`), content, { mode });
      rmSync(join(lineage, link));
      symlinkSync(`../../archive/${generation}-${link}`, join(lineage, link));
    }
  }

  function shown(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(
        { port: sandbox.ports.imaps, host: "127.0.0.1", rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate().fingerprint256);
          socket.destroy();
        },
      );
      socket.once("error", reject);
    });
  }

  const fingerprint = ({ cert }: MadeCertificate) => new X509Certificate(cert).fingerprint256;
  const renewed = (...args: string[]) => cli.json<Answer>("certificate", "renewed", ...args);
  const made = (days = 90) => makeCertificate(NAME, days, authority);

  it("is checked, taken by one reload, and seen on every port, by certbot's hook", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(await renewed()).toMatchObject({ code: 0, outcome: "unchanged" });
    const next = await made();
    put(next);
    expect(await shown()).not.toBe(fingerprint(next));
    const other = join(etc, "live/other");
    mkdirSync(other);
    expect(await renewed("--lineage", other)).toMatchObject({ code: 0, outcome: "another" });
    const ran = await runToEnd(HOOK, [], {
      PORTCULLIS,
      PORTCULLIS_HOME: sandbox.home.folder,
      RENEWED_LINEAGE: lineage,
    });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("is in force") });
    expect(ran.stdout.match(/shows it\./g)).toHaveLength(4);
    expect(await shown()).toBe(fingerprint(next));
    expect(await cli.run("verify")).toMatchObject({ code: 0 });
    const [entry] = Object.values(
      await cli.json<Record<string, { action: string; outcome: string; sentences: string[] }>>(
        "audit",
        "list",
        "--limit",
        "1",
      ),
    );
    expect(entry).toMatchObject({ action: "certificate.renewed", outcome: "served" });
  });

  itOnce(
    "is refused, and the one before stays, where it doesn't fit, is over, or a reload would bring more",
    async (context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const before = await shown();
      put(await made(), (await made()).key);
      expect(await renewed("--lineage", lineage)).toMatchObject({
        code: 3,
        outcome: "rejected",
        problems: [expect.stringContaining("doesn't belong to the certificate")],
      });
      put(await made(-1));
      expect(await renewed()).toMatchObject({ code: 3, problems: [expect.stringContaining("expired on")] });
      put(await made());
      const settings = join(etc, "portcullis/settings.conf");
      const sound = readFileSync(settings);
      appendFileSync(settings, "imap_idle_notify_interval = 3 mins\n");
      expect(await renewed()).toMatchObject({
        code: 3,
        problems: [
          expect.stringMatching(/would bring more into force than the certificate: settings.conf was edited/),
        ],
      });
      writeFileSync(settings, sound);
      await cli.run(
        "mailserver",
        "freeze",
        "add",
        new Date(Date.now() + 600_000).toISOString(),
        "--reason",
        "school starts",
      );
      expect(await renewed()).toMatchObject({
        code: 3,
        problems: [expect.stringMatching(/nothing may reload Dovecot until .*school starts/)],
      });
      expect(await shown()).toBe(before);
      expect(await renewed("--during-freeze")).toMatchObject({ code: 0, outcome: "served" });
      expect(await shown()).not.toBe(before);
      expect(await cli.run("audit", "verify")).toMatchObject({ code: 0 });
    },
  );
});
