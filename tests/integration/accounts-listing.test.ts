import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Edit } from "@/lib/core/access/edits";
import { NO_FILTER } from "@/lib/core/access/filter";
import { changeAccess } from "@/lib/server/access/change";
import { type AccountList, listAccounts } from "@/lib/server/accounts/list";
import { fileSource, serverSource } from "@/lib/server/accounts/listing/sources";
import { type AccountSource, syncAccounts } from "@/lib/server/accounts/listing/sync";
import { standingAlarms } from "@/lib/server/alarms";
import { endExpired } from "@/lib/server/keeper/end-expired";
import { keepListing } from "@/lib/server/keeper/keep-listing";
import { AccountSampler } from "@/lib/server/keeper/sample-accounts";
import { DOVECOTS } from "../support/dovecot-versions";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const TESTER = { name: "tester", origin: "cli" as const };

describe.each(DOVECOTS)("where accounts come from, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  let users: string;
  let list: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    users = join(dirname(sandbox.configFile), "users");
    list = readFileSync(users, "utf8");
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const sync = async (source: AccountSource = serverSource(sandbox.node.instance)) =>
    await syncAccounts(sandbox.node, TESTER, source);
  const listed = async (filter: Partial<typeof NO_FILTER> = {}): Promise<AccountList> =>
    await listAccounts(sandbox.node, { filter: { ...NO_FILTER, ...filter }, sort: "address", limit: 100 });
  const addresses = async (filter = {}) => (await listed(filter)).rows.map(({ address }) => address);
  const rewrite = (text: string) => {
    const { mtimeMs } = statSync(users);
    writeFileSync(users, text);
    // Dovecot compares whole seconds and the size.
    expect(text.length !== readFileSync(users).length || mtimeMs > 0).toBe(true);
  };
  const set = async (edit: Edit) =>
    await changeAccess(sandbox.node, { actor: TESTER, rank: "administrator", reason: "", edits: [edit] });
  const all = () => sandbox.accounts.map(({ address }) => address).toSorted();

  it("the server names its own, and that enforces nothing", async () => {
    const before = [...sandbox.node.map.rows()];
    await keepListing(sandbox.node);
    expect(await addresses()).toEqual(all());
    expect(await sandbox.node.db.listing.findMany()).toMatchObject([
      { outcome: "complete", found: all().length, added: all().length, vanished: 0 },
    ]);
    expect([...sandbox.node.map.rows()]).toEqual(before);
    expect(await sandbox.node.db.domain.findMany({ orderBy: { name: "asc" } })).toEqual([
      { name: "harbour.example", accounts: 3 },
      { name: "riverside.example", accounts: 4 },
    ]);
  });

  it("an account that vanished is kept and marked, and comes back with its policy", async () => {
    const [gone = ""] = all();
    await set({ kind: "policy", subject: gone, protocol: "pop3", state: "deny", until: null });
    rewrite(
      list
        .split("\n")
        .filter((line) => !line.startsWith(`${gone}:`))
        .join("\n"),
    );
    await expect.poll(async () => (await sync()).vanished, { timeout: 10_000, interval: 1100 }).toBe(1);
    expect(await addresses()).not.toContain(gone);
    expect((await listed({ vanished: "yes" })).rows).toMatchObject([
      {
        address: gone,
        vanishedAt: expect.any(Date),
        protocols: { pop3: { effective: "deny", layer: "account" } },
      },
    ]);
    rewrite(list);
    await expect.poll(async () => (await sync()).returned, { timeout: 10_000, interval: 1100 }).toBe(1);
    expect((await listed({ q: gone })).rows).toMatchObject([
      { vanishedAt: null, protocols: { pop3: { effective: "deny" } } },
    ]);
    await set({ kind: "policy", subject: gone, protocol: "pop3", state: "inherit", until: null });
  });

  it("a listing that breaks off, is empty or has unusable names marks nobody as vanished", async () => {
    const broken = (names: string[], complete = true): AccountSource => ({
      name: "test",
      async list(_size, take) {
        await take(names);
        return { complete, trouble: complete ? "" : "It broke off." };
      },
    });
    expect(await sync(broken(all().slice(0, 2), false))).toMatchObject({
      outcome: "partial",
      vanished: 0,
      notes: ["It broke off."],
    });
    expect(await sync(broken([]))).toMatchObject({ outcome: "failed", vanished: 0 });
    expect(await sync(broken(["user@domain@", ...all().slice(0, 1)]))).toMatchObject({
      outcome: "partial",
      vanished: 0,
    });
    expect(await sync(broken(["line\u0007bell@a.test", "*", "@a.test", ...all().slice(0, 1)]))).toMatchObject(
      {
        outcome: "partial",
        vanished: 0,
        notes: expect.arrayContaining([expect.stringContaining("stands for a rule")]),
      },
    );
    expect(await addresses()).toEqual(all());
  });

  it("a server that can't list says so, and a file does instead", async () => {
    const own = readFileSync(sandbox.configFile, "utf8");
    const folder = mkdtempSync(join(tmpdir(), "portcullis-list-"));
    try {
      const config = own.replace(
        /userdb(?: passwd-file)? \{[\s\S]*?\n\}\n/,
        dovecot.family === "2.4"
          ? "userdb static {\n  fields {\n    uid = nobody\n    gid = nogroup\n    home = /tmp\n  }\n}\n"
          : "userdb {\n  driver = static\n  args = uid=nobody gid=nogroup home=/tmp\n}\n",
      );
      expect(config).not.toBe(own);
      writeFileSync(sandbox.configFile, config);
      await sandbox.node.ports.reload();
      await expect
        .poll(async () => (await sync()).notes.join(" "), { timeout: 10_000 })
        .toContain("give it a file of addresses");
      expect(await addresses()).toEqual(all());

      writeFileSync(join(folder, "list.csv"), `name,address\nA,${all()[0]}\nB,"NEW@Harbour.example"\n`);
      expect(await sync(fileSource(join(folder, "list.csv")))).toMatchObject({
        outcome: "complete",
        found: 2,
        added: 1,
        vanished: all().length - 1,
      });
      expect(await addresses()).toEqual([all()[0], "new@harbour.example"]);
      writeFileSync(
        join(folder, "list.json"),
        JSON.stringify([...all(), { address: "new@harbour.example" }]),
      );
      expect(await sync(fileSource(join(folder, "list.json")))).toMatchObject({
        outcome: "complete",
        returned: all().length - 1,
      });
      writeFileSync(join(folder, "bad.json"), "{");
      expect(await sync(fileSource(join(folder, "bad.json")))).toMatchObject({
        outcome: "failed",
        notes: [expect.stringContaining("is not JSON")],
      });
    } finally {
      writeFileSync(sandbox.configFile, own);
      await sandbox.node.ports.reload();
      rmSync(folder, { recursive: true });
    }
  });

  it("two listings at once: the second is told who is at it", async () => {
    let go = () => {};
    const slow: AccountSource = {
      name: "slow",
      async list() {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return { complete: false, trouble: "slow" };
      },
    };
    const first = sync(slow);
    await expect.poll(() => sandbox.node.db.listing.count({ where: { outcome: "running" } })).toBe(1);
    await expect(sync()).rejects.toThrow("listing the accounts");
    go();
    await first;
  });

  it("the sampler raises an alarm when the daemon contradicts, and clears it when it agrees again", async () => {
    await sync();
    const [victim = ""] = all();
    // A rule that only the map has: what a bug or a hand would do.
    const row = { k: victim, proto: "imap" as const, kind: 1 as const, state: 0 as const, until: null };
    await sandbox.node.map.exclusively(async (map) => map.put([row]));
    await new AccountSampler(sandbox.node).next();
    expect((await standingAlarms(sandbox.node.db)).map(({ sentence }) => sentence)).toEqual([
      `IMAP is allowed for ${victim}, and Dovecot would refuse it.`,
    ]);
    expect((await listed({ proof: "differs" })).rows.map(({ address }) => address)).toEqual([victim]);
    await sandbox.node.map.exclusively(async (map) => map.remove([row]));
    await new AccountSampler(sandbox.node).next();
    expect(await standingAlarms(sandbox.node.db)).toEqual([]);
  });

  it("rules that ran out are cleared away with a word in the history, and only those", async () => {
    const [first = "", second = ""] = all();
    const soon = Math.floor(Date.now() / 1000) + 1;
    await set({ kind: "policy", subject: first, protocol: "pop3", state: "deny", until: soon });
    await set({ kind: "policy", subject: second, protocol: "pop3", state: "deny", until: soon + 3600 });
    await expect
      .poll(async () => (await endExpired(sandbox.node), await sandbox.node.db.policy.count()), {
        timeout: 5000,
      })
      .toBe(1);
    expect([...sandbox.node.map.rows()].map(({ k }) => k)).toEqual([second]);
    const last = await sandbox.node.db.accessChange.findFirstOrThrow({ orderBy: { id: "desc" } });
    expect(last).toMatchObject({ origin: "keeper", reason: "its end was reached" });
  });
});
