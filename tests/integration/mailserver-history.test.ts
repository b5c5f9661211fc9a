import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { historyQuery } from "@/lib/core/settings/history-query";
import { listHistory } from "@/lib/server/mailserver/history";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

const [dovecot] = DOVECOTS;

// Which version answers makes no difference to what is kept of a change.
describe("the history of the settings", () => {
  let sandbox: TestSandbox;
  let cli: Cli;
  const wanted = async () => (await latestRevision(sandbox.node.db)).values;
  beforeAll(async () => {
    if (!dovecot) return;
    sandbox = await startSandbox(dovecot);
    cli = new Cli(sandbox.home.folder);
    await cli.run("mailserver", "set", "imap_max_connections=30", "idle_check_s=45", "--reason", "ticket 17");
    await save(sandbox, { imap_max_connections: 40 });
    await save(sandbox, { pop3: false });
  });
  afterAll(async () => await sandbox?.remove());

  it.each([
    ["", [4, 3, 2, 1]],
    ["limit=2&before=4", [3, 2]],
    ["limit=2&after=1", [3, 2]],
    ["q=ticket+17", [2]],
    ["q=close+pop3", [4]],
    ["q=40", [3]],
    ["outcome=rolled-back", []],
    ["origin=start", [1]],
    ["origin=cli&author=tester", [4, 3]],
  ])("lists, filters, searches and pages: %s", async (text, numbers) => {
    const read = historyQuery.parse(Object.fromEntries(new URLSearchParams(text)));
    if (!read.ok) throw new Error(read.problems[0]?.message);
    const { entries, older, newer } = await listHistory(sandbox.node.db, read.query);
    expect(entries.map(({ number }) => number)).toEqual(numbers);
    if (text.includes("limit")) expect([older, newer]).toEqual([2, 3]);
  });

  it("shows one with its difference of files and what a probe saw, and compares any two", async () => {
    const shown = await cli.json<{
      changes: { key: string }[];
      diff: string;
      attempts: { outcome: string; probes: { wanted: string; listener: { protocol: string } }[] }[];
    }>("mailserver", "show", "4");
    expect(shown.changes.map(({ key }) => key)).toEqual(["pop3"]);
    expect(shown.diff).toMatch(/-protocols = imap pop3 lmtp\n\+protocols = imap lmtp/);
    expect(shown.attempts[0]).toMatchObject({ outcome: "applied" });
    const closed = shown.attempts[0]?.probes.filter(({ wanted: state }) => state === "closed");
    expect(closed?.map(({ listener }) => listener.protocol)).toContain("pop3");
    expect(await cli.json("mailserver", "compare", "1", "3")).toMatchObject({
      changes: [
        { key: "imap_max_connections", from: 20, to: 40 },
        { key: "idle_check_s", from: 30, to: 45 },
      ],
    });
    expect(await cli.run("mailserver", "compare", "1", "99")).toMatchObject({ code: 2 });
  });

  it("takes back only what a revision changed, and shows what a later one touched", async () => {
    expect(await cli.json("mailserver", "undo", "2")).toMatchObject({
      code: 4,
      outcome: "conflict",
      conflicts: [
        { key: "imap_max_connections", made: "30 connections", now: "40 connections", by: { number: 3 } },
      ],
    });
    expect((await wanted()).idle_check_s).toBe(45);

    const done = { code: 0, outcome: "applied", undoes: 2 };
    expect(await cli.json("mailserver", "undo", "2", "--leave-later")).toMatchObject({
      ...done,
      revision: 5,
    });
    expect(await wanted()).toMatchObject({ idle_check_s: 30, imap_max_connections: 40, pop3: false });
    expect(await cli.json("mailserver", "undo", "2", "--overwrite-later")).toMatchObject({
      ...done,
      revision: 6,
    });
    expect((await wanted()).imap_max_connections).toBe(20);
    expect(await cli.json("mailserver", "undo", "2")).toMatchObject({ code: 0, outcome: "nothing" });
    expect(await cli.run("mailserver", "undo", "1")).toMatchObject({ code: 2 });
    expect(await cli.run("mailserver", "undo", "4")).toMatchObject({ code: 0 });
    expect((await wanted()).pop3).toBe(true);
    const history = await cli.json<Record<string, unknown>>("mailserver", "history");
    expect(history).toMatchObject({ 0: { undoes: 4, outcome: "applied" }, 3: { undoneBy: 7 } });
  });
});
