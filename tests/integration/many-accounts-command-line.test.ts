import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mendMap } from "@/lib/server/access/mend-map";
import type { AccountFacts } from "@/lib/server/accounts/export/facts";
import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { recentJobs } from "@/lib/server/jobs/store";
import { Cli, PORTCULLIS } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const COUNT = 2500;
const ASKED = 50;
/** The first part of a long change; the rest is not reached before the map is let go of again. */
const FIRST_PART = 1000;
/** A command takes some seconds on a busy machine; it waits ten for the map. */
const PATIENCE = { timeout: 9000 };

describe.each(DOVECOTS.slice(0, 1))("many accounts at a shell, Dovecot $family", (dovecot) => {
  const scratch = mkdtempSync(join(tmpdir(), "portcullis-files-"));
  let sandbox: TestSandbox;
  let cli: Cli;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    cli = new Cli(sandbox.home.folder);
    const names = Array.from({ length: COUNT }, (_, index) => `user${index}@site${index % 5}.test`);
    await addSeen(sandbox.node.db, names, new Date());
    // Dovecot is not asked about accounts that vanished: a thousand questions after each change would take long.
    const gone = { address: { in: names.slice(ASKED) } };
    await sandbox.node.db.account.updateMany({ where: gone, data: { vanishedAt: new Date() } });
    await countDomains(sandbox.node.db);
  });
  afterAll(async () => {
    await sandbox?.remove();
    rmSync(scratch, { recursive: true });
  });
  const denied = () => [...sandbox.node.map.rows()].filter(({ k }) => k.startsWith("user")).length;

  it("lists every one, in parts as well, and stops when nobody reads on", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const all = JSON.parse(
      (await cli.run("accounts", "list", "--json", "--q", "user", "--vanished", "all")).stdout,
    ) as AccountFacts[];
    expect(all).toHaveLength(COUNT);
    const some = [
      "accounts",
      "list",
      "--json",
      "--domain",
      "SITE3.test",
      "--vanished",
      "all",
      "--sort",
      "-address",
      "--limit",
      "2",
    ];
    const first = JSON.parse((await cli.run(...some)).stdout) as AccountFacts[];
    const next = JSON.parse(
      (await cli.run(...some, "--after", first[1]?.address ?? "")).stdout,
    ) as AccountFacts[];
    const expected = all.map(({ address }) => address).filter((address) => address.endsWith("@site3.test"));
    expected.sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
    expect([...first, ...next].map(({ address }) => address)).toEqual(expected.slice(0, 4));

    const child = start("accounts", "list");
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ code: 0, stderr: "" });
  });

  it("changes all that match as one change, after the numbers, and can be stopped, gone on with and taken back", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const bulk = [
      "accounts",
      "set",
      "--all-matching",
      "--q",
      "user",
      "--vanished",
      "all",
      "pop3=deny",
      "--reason",
      "cleaning up",
    ];
    expect(await cli.json(...bulk)).toMatchObject({
      code: 2,
      dryRun: true,
      preview: { accounts: COUNT, changing: COUNT, alreadySo: 0 },
    });
    expect(denied()).toBe(0);

    // The map is held until the command was told to stop, so that it comes no further than its first part.
    const state = async () => (await recentJobs(sandbox.node, 1))[0]?.state;
    let child: ChildProcess | undefined;
    await sandbox.node.map.exclusively(async () => {
      child = start(...bulk, "--yes", "--json");
      await expect.poll(state, PATIENCE).toBe("running");
      child.kill("SIGINT");
      await expect.poll(state, PATIENCE).toBe("cancelling");
    });
    const { code, stdout, stderr } = await ended(child as unknown as ChildProcess);
    expect({ code, stderr }).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("Go on with: portcullis jobs resume"),
    });
    const { job } = JSON.parse(stdout) as { job: { id: string; change: number } };
    expect(job).toMatchObject({ state: "cancelled", done: FIRST_PART, total: COUNT, kind: "bulk-access" });
    expect(denied()).toBe(FIRST_PART);

    expect(await cli.json("jobs", "resume", job.id)).toMatchObject({
      code: 0,
      job: { state: "done", done: COUNT, change: job.change },
      enforced: true,
    });
    expect(denied()).toBe(COUNT);
    expect(await cli.json("changes", "show", String(job.change), "--limit", "1")).toMatchObject({
      sentence: `Deny POP3 for 2,500 accounts`,
      count: COUNT,
      rulesInAll: COUNT,
      rules: [
        {
          subject: "user0@site0.test",
          protocol: "pop3",
          before: null,
          after: { state: "deny", until: null },
        },
      ],
    });
    expect(await cli.run(...bulk, "--yes")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2,500 are so already"),
    });
    expect(await cli.json("changes", "undo", String(job.change))).toMatchObject({
      code: 0,
      job: { kind: "bulk-undo" },
    });
    expect(denied()).toBe(0);
  });

  it("imports a file of policies as one change, or nothing of it", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const bad = join(scratch, "bad.csv");
    writeFileSync(
      bad,
      "address,pop3,until\nuser1@site1.test,deny,\nuser2@site2.test,off,\nuser1@site1.test,deny,soon\n",
    );
    const refused = await cli.run("accounts", "import", bad);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(
      /^Line 3: pop3: "off" .*\nLine 4: until: "soon" .*\n2 lines are bad\. Nothing was changed\.\n$/,
    );
    expect(denied()).toBe(0);

    const good = join(scratch, "policies.csv");
    const lines = Array.from(
      { length: COUNT - 1 },
      (_, index) => `user${index}@site${index % 5}.test,deny,,of user ${index}`,
    );
    writeFileSync(
      good,
      ["address,pop3,until,reason", ...lines, "new@nowhere.test,deny,+7d,", "@site4.test,allow,,", ""].join(
        "\n",
      ),
    );
    expect(await cli.json("accounts", "import", good, "--dry-run")).toMatchObject({
      code: 0,
      dryRun: true,
      lines: COUNT + 1,
      changing: COUNT + 1,
      alreadySo: 0,
      unknown: 1,
      unknownNames: ["new@nowhere.test"],
      job: null,
    });
    expect(denied()).toBe(0);
    const imported = await cli.json<{ job: { change: number } }>(
      "accounts",
      "import",
      good,
      "--reason",
      "autumn",
    );
    expect(imported).toMatchObject({
      code: 0,
      job: { state: "done", kind: "import-policies" },
      enforced: true,
    });
    expect(denied()).toBe(COUNT - 1);
    const shown = await cli.json("accounts", "show", "user7@site2.test", "--no-proof");
    expect(shown).toMatchObject({
      pop3: { effective: "deny", because: "POP3 is denied for this account (of user 7)." },
      history: [{ change: imported.job.change, reason: "of user 7" }, {}, {}],
    });
    expect(await cli.run("accounts", "import", good)).toMatchObject({
      code: 0,
      // Its span counts from now, so that this one ends later than before.
      stdout: expect.stringContaining("1 rule changed."),
    });

    const out = join(scratch, "all.csv");
    expect(await cli.run("accounts", "export", "--vanished", "all", "--out", out)).toMatchObject({
      code: 0,
      stdout: "",
    });
    expect(readFileSync(out, "utf8").split("\n")).toHaveLength(COUNT + 2);
    expect(await cli.json("accounts", "import", out)).toMatchObject({
      code: 0,
      exported: true,
      changing: 0,
      alreadySo: COUNT,
      job: null,
    });
    expect(await cli.json("changes", "undo", String(imported.job.change))).toMatchObject({ code: 0 });
    // What the second import changed stays.
    expect([...sandbox.node.map.rows()].map(({ k }) => k)).toEqual(["new@nowhere.test"]);
    expect(await mendMap(sandbox.node)).toEqual({ rebuilt: false, rows: 0 });
  });

  it("takes a list from a file that was exported, and says when it is not whole", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const list = join(scratch, "list.csv");
    writeFileSync(list, "address,domain\n'=odd@site1.test,site1.test\nuser1@site1.test,site1.test\n@bad,\n");
    const synced = await cli.run("accounts", "sync", "--from", list);
    expect(synced).toMatchObject({ code: 8, stderr: expect.stringContaining('"@bad" can\'t be an account') });
    expect(synced.stdout).toBe("3 accounts found: 1 new, 0 back. Nobody is taken to have vanished.\n");
    expect(await cli.json("accounts", "show", "=odd@site1.test", "--no-proof")).toMatchObject({
      known: "listed",
    });
  });

  function start(...args: string[]): ChildProcess {
    return spawn(PORTCULLIS, args, { env: { ...process.env, PORTCULLIS_HOME: sandbox.home.folder } });
  }

  async function ended(child: ChildProcess) {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (piece) => (stdout += String(piece)));
    child.stderr?.on("data", (piece) => (stderr += String(piece)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  }
});
