import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Sqlite from "libsql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Checked } from "@/lib/server/doctor/check";
import { giveSign } from "@/lib/server/keeper/give-sign";
import { makeCertificate } from "../support/certificates";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { startSandbox, type TestSandbox } from "../support/sandbox";
import { onDisk } from "../support/scratch";
import { mountSmallDisk, mountWorks, unmount } from "../support/small-disk";

const HOUR_MS = 60 * 60_000;

// It warns of a home that lies in memory.
beforeAll(() => void vi.stubEnv("TMPDIR", onDisk()));
afterAll(() => void vi.unstubAllEnvs());

interface Answer {
  code: number | null;
  fail: number;
  checks: Checked[];
}

/** What isn't well, by the check's name; and that each says how it is mended. */
function faultsOf({ checks }: Answer): Record<string, string> {
  const faults = checks.filter(({ state }) => state === "fail" || state === "warn");
  for (const { id, mend } of faults) expect(mend, id).toBeTruthy();
  return Object.fromEntries(faults.map(({ id, state, sentence }) => [id, `${state}: ${sentence}`]));
}

describe.each(DOVECOTS)("portcullis doctor, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let cli: Cli;
  let etc: string;
  let generated: string;
  const doctor = () => cli.json<Answer>("doctor");
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    cli = new Cli(sandbox.home.folder);
    etc = dirname(sandbox.configFile);
    generated = join(etc, "portcullis");
    writeFileSync(sandbox.home.secret, `${"0123456789abcdef".repeat(4)}\n`, { mode: 0o600 });
    mkdirSync(sandbox.home.backups, { mode: 0o700 });
    writeFileSync(join(sandbox.home.backups, "one.tar.gz"), "", { mode: 0o600 });
    await giveSign(sandbox.home);
  });
  afterAll(async () => await sandbox?.remove());

  /** Nothing but what a sandbox without a panel, on a certificate of its own, lacks. */
  const SANDBOX = {
    "certificate-chain": expect.stringMatching(/^warn: .*signed by itself/),
    panel: expect.stringMatching(/^fail: The panel does not run/),
  };

  it("finds nothing wrong where nothing is", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const answer = await doctor();
    expect(faultsOf(answer)).toEqual(SANDBOX);
    expect(answer).toMatchObject({ code: 7, fail: 1 });
    expect((await cli.run("doctor")).stdout).toContain("→ npm start");
  });

  it("finds what is wrong with files, map, log, clock and certificate", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { home } = sandbox;
    const log = join(dirname(etc), "log/dovecot.log");
    const map = join(generated, "access.sqlite");
    const db = new Sqlite(home.database);
    const [before, future] = [new Date(Date.now() - 20 * 24 * HOUR_MS), new Date(Date.now() + HOUR_MS)];
    await cli.run("panel", "set", "clients.host=mail.other.example");
    const newest = db
      .prepare("SELECT number, at FROM AuditEntry ORDER BY number DESC LIMIT 1")
      .get() as Record<string, string>;
    const guards = db
      .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'AuditEntry'")
      .all() as { name: string; sql: string }[];
    const setNewest = (at: string | undefined) => {
      for (const { name } of guards) db.exec(`DROP TRIGGER "${name}"`);
      db.prepare("UPDATE AuditEntry SET at = ? WHERE number = ?").run(at, newest.number);
      for (const { sql } of guards) db.exec(sql);
    };
    setNewest(future.toISOString());
    chmodSync(home.folder, 0o777);
    for (const path of [home.secret, home.database]) chmodSync(path, 0o644);
    for (const path of [home.keeperSign, join(home.backups, "one.tar.gz")]) utimesSync(path, before, before);
    renameSync(log, `${log}.away`);
    chmodSync(map, 0o600);
    copyFileSync(join(etc, "cert.pem"), join(etc, "cert.before"));
    const over = await makeCertificate("mail.riverside.example", -2);
    writeFileSync(join(etc, "cert.pem"), over.cert);
    try {
      expect(faultsOf(await doctor())).toEqual({
        panel: SANDBOX.panel,
        "certificate-chain": SANDBOX["certificate-chain"],
        "home-folder": expect.stringMatching(/^fail: Others may write into .* \(mode 0777\)/),
        "home-secrets:secret": expect.stringMatching(/^fail: Others than its owner may read/),
        "home-secrets:portcullis.sqlite": expect.stringMatching(/^fail: Others/),
        "access-map": expect.stringMatching(/^fail: Dovecot's user may not read the access map/),
        "certificate-key": expect.stringMatching(/^fail: The TLS key .* doesn't belong to the certificate/),
        "certificate-end": expect.stringMatching(/^fail: The certificate expired on/),
        "certificate-name": expect.stringMatching(
          /^fail: It is good for mail.riverside.example, and mail programs are told to use mail.other.example/,
        ),
        "certificate-served": expect.stringMatching(/^fail: 4 of 4 ports show another certificate/),
        [`drift:certificate`]: expect.stringMatching(/^fail: .*expired/),
        clock: expect.stringMatching(/^fail: The clock is behind/),
        keeper: expect.stringMatching(/^fail: The keeper gave its last sign/),
        backup: expect.stringMatching(/^warn: The last backup is 20 days old/),
      });
    } finally {
      setNewest(newest.at);
      db.close();
      chmodSync(home.folder, 0o711);
      for (const path of [home.secret, home.database]) chmodSync(path, 0o600);
      renameSync(`${log}.away`, log);
      chmodSync(map, 0o644);
      renameSync(join(etc, "cert.before"), join(etc, "cert.pem"));
      await giveSign(home);
      writeFileSync(join(home.backups, "one.tar.gz"), "");
    }
  });

  itOnce("works while the database is damaged, torn, older or newer", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { home } = sandbox;
    const db = new Sqlite(home.database);
    const undone = db
      .prepare("SELECT * FROM _prisma_migrations ORDER BY migration_name DESC LIMIT 1")
      .get() as Record<string, unknown>;
    const name = String(undone.migration_name);
    const rename = db.prepare("UPDATE _prisma_migrations SET migration_name = ? WHERE migration_name = ?");
    rename.run("9999_later", name);
    expect(faultsOf(await doctor())).toMatchObject({
      "database-migrations": expect.stringMatching(/^fail: A newer Portcullis has changed it \(9999_later\)/),
    });
    db.prepare("DELETE FROM _prisma_migrations WHERE migration_name = ?").run("9999_later");
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const older = await doctor();
    expect(faultsOf(older)["database-migrations"]).toMatch(
      /^fail: It is older than this program and lacks 1 of/,
    );
    expect(older.checks.find(({ id }) => id === "drift")).toMatchObject({ state: "unknown" });
    expect(older.checks.filter(({ group, state }) => group === "ports" && state === "ok")).toHaveLength(5);

    await sandbox.node.db.$disconnect();
    const kept = readFileSync(home.database);
    const torn = Buffer.from(kept);
    torn.fill(0xa5, 40 * 4096, 60 * 4096);
    for (const [content, sentence] of [
      [torn, /^fail: The database (is damaged|can't be used)/],
      [Buffer.from("gone".repeat(3000)), /^fail: The database can't be used: .*not a database/],
    ] as const) {
      writeFileSync(home.database, content);
      const answer = await doctor();
      expect(Object.values(faultsOf(answer)).filter((one) => sentence.test(one))).toHaveLength(1);
      expect(answer.checks.find(({ id }) => id === "dovecot-running")).toMatchObject({ state: "ok" });
      expect(answer.checks.filter(({ group, state }) => group === "ports" && state === "ok")).toHaveLength(5);
    }
    writeFileSync(home.database, kept);
    const again = new Sqlite(home.database);
    const columns = Object.keys(undone).filter((one) => one !== "_metadata");
    again
      .prepare(
        `INSERT INTO _prisma_migrations (${columns.join(",")}) VALUES (${columns.map(() => "?").join(",")})`,
      )
      .run(...columns.map((one) => undone[one]));
    again.close();
    expect(faultsOf(await doctor())["database-migrations"]).toBeUndefined();
  });

  it("works while Dovecot's configuration is broken or undoes ours, its programs hang, and it is dead", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const main = readFileSync(sandbox.configFile, "utf8");
    const include = "!include portcullis/settings.conf";
    try {
      writeFileSync(sandbox.configFile, main.replace(include, `# ${include}`));
      expect(faultsOf(await doctor())).toMatchObject({
        "dovecot-include": expect.stringMatching(/^fail: .*doesn't include our file/),
        "drift:include-missing": expect.stringMatching(/^fail/),
      });
      writeFileSync(sandbox.configFile, `${main}\nnonsense = yes\n`);
      expect(faultsOf(await doctor())).toMatchObject({
        "dovecot-config": expect.stringMatching(/^fail: Dovecot could not start again .*nonsense/),
      });
      writeFileSync(sandbox.configFile, main);
      rmSync(join(generated, "settings.conf"));
      appendFileSync(sandbox.configFile, "!include_try later.conf\n");
      writeFileSync(join(etc, "later.conf"), "protocols = lmtp\n");
      expect(faultsOf(await doctor())).toMatchObject({
        "dovecot-config": expect.stringMatching(/^fail/),
        "dovecot-include": expect.stringMatching(/^fail: There is no settings.conf/),
      });
      copyFileSync(join(generated, "last-known-good/settings.conf"), join(generated, "settings.conf"));
      expect(faultsOf(await doctor())).toMatchObject({
        "drift:overridden:imap": expect.stringMatching(/^warn/),
      });
      rmSync(join(etc, "later.conf"));
      execFileSync("mkfifo", [join(etc, "later.conf")]);
      const begun = performance.now();
      const hanging = await doctor();
      expect(performance.now() - begun).toBeLessThan(25_000);
      expect(hanging.checks.find(({ id }) => id === "dovecot-config")).toMatchObject({
        state: "unknown",
        sentence: expect.stringContaining("did not answer within"),
      });
      rmSync(join(etc, "later.conf"));
      writeFileSync(sandbox.configFile, main);
      const description = readFileSync(sandbox.home.instance, "utf8");
      const helper = { socket: join(sandbox.home.folder, "no-helper.sock") };
      writeFileSync(sandbox.home.instance, JSON.stringify({ ...JSON.parse(description), helper }));
      const helperless = await doctor();
      expect(faultsOf(helperless)).toMatchObject({
        helper: expect.stringMatching(/^fail: The helper does not answer/),
      });
      // What only the helper could tell isn't called well.
      expect(helperless.checks.find(({ id }) => id === "dovecot-running")?.state).toBe("unknown");
      writeFileSync(sandbox.home.instance, description);
      const map = join(generated, "access.sqlite");
      const sound = readFileSync(map);
      writeFileSync(map, "gone".repeat(4000));
      expect(faultsOf(await doctor())).toMatchObject({
        "access-map": expect.stringMatching(/^fail: The access map .* is damaged/),
        "access-hook": expect.stringMatching(/^fail: Dovecot's auth process can't say/),
        "drift:access-map": expect.stringMatching(/^fail/),
      });
      writeFileSync(map, sound);
      await sandbox.kill();
      const dead = await doctor();
      expect(faultsOf(dead)).toMatchObject({
        "dovecot-running": expect.stringMatching(/^fail: Dovecot is not running/),
        "drift:daemon-down": expect.stringMatching(/^fail/),
        [`ports:imap:${sandbox.ports.imap}`]: expect.stringMatching(/^fail: .* is closed and should be open/),
      });
      expect(dead.code).toBe(7);
    } finally {
      rmSync(join(etc, "later.conf"), { force: true });
      writeFileSync(sandbox.configFile, main);
    }
  }, 180_000);
});

it("says where nothing is set up, and where a disk is full or gone after a restart", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-doctor-"));
  try {
    const empty = await new Cli(folder).json<Answer>("doctor");
    expect(empty.code).toBe(7);
    expect(faultsOf(empty)).toMatchObject({
      database: expect.stringMatching(/is not there/),
      "mail-server": expect.stringMatching(/^fail: No mail server is set up/),
    });
    expect(empty.checks.some(({ group }) => group === "ports")).toBe(false);
    if (!mountWorks()) context.skip("nothing can be mounted here");
    mountSmallDisk(folder, "1m");
    expect(faultsOf(await new Cli(folder).json<Answer>("doctor"))).toMatchObject({
      "home-space": expect.stringMatching(/^fail: .*changes fail when it is full/),
      "home-file-system": expect.stringMatching(/^warn: .*lies in memory \(tmpfs\)/),
    });
    unmount(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
