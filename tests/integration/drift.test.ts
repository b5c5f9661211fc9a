import {
  appendFileSync,
  chmodSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findDrift } from "@/lib/server/drift/find";
import { recordDrift, standingDrift } from "@/lib/server/drift/record";
import { leaveDrift } from "@/lib/server/drift/settle";
import { DriftWatch } from "@/lib/server/keeper/watch-drift";
import { applyWanted } from "@/lib/server/mailserver/apply";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

const TESTER = { name: "tester", origin: "cli" } as const;

describe.each(DOVECOTS)("what somebody changes besides Portcullis, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let generated: string;
  let settings: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    generated = join(dirname(sandbox.configFile), "portcullis");
    settings = join(generated, "settings.conf");
    await save(sandbox, { pop3: false });
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const kinds = async () => (await findDrift(sandbox.node)).map(({ kind }) => kind);
  /** Reloads, and waits until that is obeyed. */
  const reloaded = async () => {
    const { ports, db } = sandbox.node;
    const mark = (await db.inForce.findFirstOrThrow()).mark;
    const before = await ports.loadOf(mark);
    await ports.reload();
    await expect.poll(async () => (await ports.loadOf(mark)) ?? before, { timeout: 20_000 }).not.toBe(before);
    await expect
      .poll(async () => (await findDrift(sandbox.node)).filter(({ kind }) => kind === "ports"), {
        timeout: 20_000,
      })
      .toEqual([]);
  };
  /** Does something to a file and puts it back, with its old times, so that the next look finds all in order. */
  const during = async (path: string, act: () => void, look: () => Promise<void>) => {
    const { mode } = statSync(path);
    const content = readFileSync(path);
    act();
    try {
      await look();
    } finally {
      rmSync(path, { force: true });
      writeFileSync(path, content);
      chmodSync(path, mode);
      // So that the server's own files are older than what is loaded.
      if (path === sandbox.configFile) await reloaded();
    }
  };

  it("is nothing after a close without a reload, nor after one of our own", async () => {
    expect(await kinds()).toEqual([]);
    await save(sandbox, { idle_check_s: 45 });
    expect(await kinds()).toEqual([]);
  });

  it("tells of a generated file that was edited, removed, replaced or can't be read", async () => {
    await during(
      settings,
      () => writeFileSync(settings, readFileSync(settings, "utf8").replace("= 45", "= 50")),
      async () => {
        const [found] = await findDrift(sandbox.node);
        expect(found).toMatchObject({ kind: "edited", severity: "warning" });
        expect(found?.diff).toMatch(
          /-mailbox_idle_check_interval = 45.*\n\+mailbox_idle_check_interval = 50/,
        );
      },
    );
    const access = join(generated, "access.conf");
    await during(
      access,
      () => rmSync(access),
      async () =>
        expect((await findDrift(sandbox.node))[0]).toMatchObject({ kind: "removed", severity: "alarm" }),
    );
    await during(
      settings,
      () => {
        renameSync(settings, `${settings}.moved`);
        symlinkSync(`${settings}.moved`, settings);
      },
      async () => expect(await kinds()).toContain("replaced"),
    );
    await during(
      settings,
      () => chmodSync(settings, 0o600),
      async () => expect(await kinds()).toContain("unreadable"),
    );
    expect(await kinds()).toEqual([]);
  });

  it("tells of an include line that vanished, of a line elsewhere that wins, and of files that are not loaded", async () => {
    const site = sandbox.configFile;
    const edit = (from: RegExp, to: string) => () =>
      writeFileSync(site, readFileSync(site, "utf8").replace(from, to));
    await during(site, edit(/^!include(?:_try)? portcullis.*$/m, ""), async () => {
      const found = await findDrift(sandbox.node);
      expect(found.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(["include-missing", "access-lookup", "older-config"]),
      );
      expect(found.find(({ kind }) => kind === "access-lookup")?.severity).toBe("alarm");
    });
    await during(site, edit(/$/, "\nmailbox_idle_check_interval = 99s\n"), async () => {
      const found = await findDrift(sandbox.node);
      expect(found.map(({ kind }) => kind).toSorted()).toEqual(["older-config", "overridden"]);
      expect(found.find(({ kind }) => kind === "overridden")?.sentence).toMatch(
        /99 s: .*dovecot\.conf line \d+ says/,
      );
    });
    await during(site, edit(/$/, "\nnonsense = yes\n"), async () =>
      expect(await kinds()).toContain("config-broken"),
    );
    expect(await kinds()).toEqual([]);
  });

  it("tells of a service that was stopped, and of a daemon that died", async () => {
    await sandbox.node.ports.stopServices(["imap-login"]);
    expect(await kinds()).toEqual(["ports", "ports"]);
    await applyWanted(sandbox.node, TESTER, { replaceEdited: false });
    expect(await kinds()).toEqual([]);
    await sandbox.kill();
    expect(await kinds()).toEqual(["daemon-down"]);
    await sandbox.start();
    await expect.poll(kinds, { timeout: 10_000 }).toEqual([]);
  });

  itOnce("tells of a certificate that ends soon", async () => {
    const path = join(dirname(sandbox.configFile), "cert.pem");
    const { cert } = await generate([{ name: "commonName", value: "localhost" }], {
      notAfterDate: new Date(Date.now() + 10.5 * 24 * 60 * 60_000),
      keyType: "rsa",
    });
    await during(
      path,
      () => writeFileSync(path, cert),
      async () => {
        const found = (await findDrift(sandbox.node)).find(({ kind }) => kind === "certificate");
        expect(found).toMatchObject({
          severity: "warning",
          sentence: expect.stringContaining("expires in 10 days"),
        });
      },
    );
    expect(await kinds()).toEqual([]);
  });

  itOnce(
    "is noticed by the keeper, keeps since when it stands, and ends; what is left is told again when it changes",
    async () => {
      const watch = new DriftWatch(sandbox.node);
      await watch.look();
      expect(await standingDrift(sandbox.node.db)).toEqual([]);
      await during(
        settings,
        () => appendFileSync(settings, "# a note\n"),
        async () => {
          await watch.look();
          const [first] = await standingDrift(sandbox.node.db);
          expect(first).toMatchObject({ key: "edited:settings.conf", leftBy: null });
          await leaveDrift(sandbox.node.db, "edited:settings.conf", TESTER);
          await watch.look();
          expect((await standingDrift(sandbox.node.db))[0]).toMatchObject({
            since: first?.since,
            leftBy: "tester",
          });
          appendFileSync(settings, "# another\n");
          await watch.look();
          expect((await standingDrift(sandbox.node.db))[0]).toMatchObject({
            since: first?.since,
            leftBy: null,
          });
        },
      );
      await watch.look();
      expect(await standingDrift(sandbox.node.db)).toEqual([]);
      await recordDrift(sandbox.node.db, []);
    },
  );

  itOnce("can be taken into the settings, or put back, at a shell", async () => {
    const cli = new Cli(sandbox.home.folder);
    const found = readFileSync(settings, "utf8");
    writeFileSync(settings, `${found.replace("= 45", "= 50")}# a note\n`);
    expect(await cli.json("drift")).toMatchObject({ code: 7, drift: [{ kind: "edited" }] });
    expect(await cli.json("drift", "adopt")).toMatchObject({
      code: 0,
      outcome: "applied",
      changes: [{ key: "idle_check_s", to: 50 }],
    });
    expect(await latestRevision(sandbox.node.db)).toMatchObject({
      origin: "drift",
      values: { idle_check_s: 50 },
    });
    expect(await cli.json("drift")).toMatchObject({ code: 0, drift: [] });
    const sound = readFileSync(settings, "utf8");
    rmSync(settings);
    expect(await cli.json("drift", "restore")).toMatchObject({ code: 0 });
    expect(readFileSync(settings, "utf8")).toBe(sound);
  });
});
