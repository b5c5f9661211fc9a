import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeAccess } from "@/lib/server/access/change";
import { offNow } from "@/lib/server/access/off-now";
import { standingAlarms } from "@/lib/server/alarms";
import { addFreeze, removeFreeze } from "@/lib/server/mailserver/freeze";
import type { Actor } from "@/lib/server/mailserver/revisions";
import { saveMailserver } from "@/lib/server/mailserver/save";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";

const [dovecot] = DOVECOTS.filter(({ family }) => family === "2.3");
const ANNA: Actor = { name: "anna@panel.example", origin: "page", from: "192.0.2.7" };
const ADDRESS = "ben@riverside.example";

interface Entry {
  number: number;
  actor: string;
  from: string;
  action: string;
  outcome: string;
  subject: string;
  sentences: string[];
  before: string[];
  after: string[];
  reason: string;
  filesBefore: Record<string, string> | null;
  filesAfter: Record<string, string> | null;
  probes: string[];
}

describe("what the audit tells", () => {
  let sandbox: TestSandbox;
  let cli: Cli;
  beforeAll(async () => {
    if (!dovecot || dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    await writeFile(sandbox.home.secret, "a secret of tests\n", { mode: 0o600 });
    cli = new Cli(sandbox.home.folder);
  });
  afterAll(async () => await sandbox?.remove());
  let since = 0;
  beforeEach(async (context) => {
    if (dovecot?.missing) return context.skip(dovecot.missing);
    since = (await sandbox.node.db.auditEntry.aggregate({ _max: { number: true } }))._max.number ?? 0;
  });

  const entries = async (...filters: string[]): Promise<Entry[]> => {
    const { code, stdout, stderr } = await cli.run("audit", "list", "--json", "--limit", "200", ...filters);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return (JSON.parse(stdout) as Entry[])
      .filter(({ number, action }) => number > since && action !== "audit.read")
      .toReversed();
  };

  it("of a saved setting: who, from where, before and after, why, the files and every port", async () => {
    const file = async () => await readFile(join(sandbox.configFile, "../portcullis/settings.conf"), "utf8");
    const before = await file();
    const result = await saveMailserver(sandbox.node, {
      patch: { pop3: false },
      baseRevision: undefined,
      reason: "nobody uses it",
      actor: ANNA,
      authenticationOnly: false,
      replaceEdited: false,
      acceptWarnings: true,
    });
    expect(outcomeOf(result).kind).toBe("applied");
    const [saved, applied] = await entries();
    expect(saved).toMatchObject({
      actor: ANNA.name,
      from: "192.0.2.7",
      action: "mailserver.save",
      outcome: "saved",
      subject: "revision 2",
      before: ["POP3: on"],
      after: ["POP3: off"],
      reason: "nobody uses it",
    });
    expect(applied).toMatchObject({
      actor: ANNA.name,
      from: "192.0.2.7",
      action: "mailserver.apply",
      outcome: "applied",
      subject: "revision 2",
      reason: "nobody uses it",
      probes: expect.arrayContaining([expect.stringMatching(/^POP3 on 127\.0\.0\.1 port \d+ is closed$/)]),
    });
    const { digest } = sandbox.node.ports;
    expect(applied?.filesBefore).toMatchObject({ "settings.conf": digest(before) });
    expect(applied?.filesAfter).toMatchObject({ "settings.conf": digest(await file()) });
    expect(applied?.filesAfter?.["settings.conf"]).not.toBe(applied?.filesBefore?.["settings.conf"]);
  });

  it("of what was refused: what was asked for, and why it was not done", async () => {
    const unsure = await save(sandbox, { imap: false });
    expect(unsure.kind).toBe("needs-confirmation");
    const stale = await save(sandbox, { pop3: true }, { baseRevision: 1 });
    expect(stale.kind).toBe("conflict");
    expect(await entries()).toMatchObject([
      {
        action: "mailserver.save",
        outcome: "needs-confirmation",
        after: ["Asked for: IMAP: off"],
        sentences: ["Closing every protocol was not confirmed."],
      },
      { action: "mailserver.save", outcome: "conflict", after: ["Asked for: POP3: on"] },
    ]);
  });

  it("of a rule: whose, what was there before and after, why, and under which number history has it", async () => {
    const request = { actor: ANNA, rank: "administrator" as const, reason: "ticket 4711" };
    const edit = { kind: "policy", subject: ADDRESS, protocol: "imap", state: "deny", until: null } as const;
    const done = await changeAccess(sandbox.node, { ...request, edits: [edit] });
    const conflict = await changeAccess(sandbox.node, {
      ...request,
      edits: [{ ...edit, state: "allow" }],
      expected: [{ subject: ADDRESS, protocol: "imap", state: "inherit" }],
    });
    expect([done.kind, conflict.kind]).toEqual(["done", "conflict"]);
    const facts = { actor: ANNA.name, from: "192.0.2.7", action: "access.change", subject: ADDRESS };
    expect(await entries("--q", ADDRESS)).toMatchObject([
      {
        ...facts,
        outcome: "done",
        reason: "ticket 4711",
        sentences: [`Deny IMAP for ${ADDRESS}`, "Change 1"],
        before: [`IMAP for ${ADDRESS}: no rule`],
        after: [`IMAP for ${ADDRESS}: denied`],
      },
      { ...facts, outcome: "conflict", after: [`Asked for: Allow IMAP for ${ADDRESS}`] },
    ]);
  });

  it("of sessions that were ended, freeze windows and settings of the panel", async () => {
    await offNow(sandbox.node, {
      actor: ANNA,
      rank: "administrator",
      subject: ADDRESS,
      protocol: "pop3",
      reason: "left",
    });
    const until = new Date(Date.now() + 3_600_000);
    const freeze = await addFreeze(sandbox.node.db, {
      startsAt: new Date(),
      endsAt: until,
      reason: "busy",
      actor: ANNA,
    });
    await removeFreeze(sandbox.node.db, freeze.ok ? freeze.window.id : 0, ANNA);
    await savePanelSettings(sandbox.node.db, ANNA, "use", { useDays: "91" }, 0);
    await savePanelSettings(sandbox.node.db, ANNA, "use", { useDays: "92" }, 0);
    const found = await entries();
    expect(found.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      "access.change done",
      "sessions.end done",
      "freeze.add done",
      "freeze.remove done",
      "panel-settings.save done",
      "panel-settings.save conflict",
    ]);
    expect(found[1]).toMatchObject({ subject: ADDRESS, sentences: ["No POP3 session was open."] });
    expect(found[2]).toMatchObject({
      reason: "busy",
      after: [expect.stringMatching(/^Nothing may reload Dovecot/)],
    });
    expect(found[3]?.before).toEqual(found[2]?.after);
    expect(found.every(({ from }) => from === "192.0.2.7")).toBe(true);
  });

  it("of whoever looks at personal data at a shell, and of what he takes away", async () => {
    for (let look = 0; look < 2; look++) {
      await cli.run("accounts", "show", ADDRESS, "--no-proof");
      await cli.run("sessions", "list");
      await cli.run("accounts", "export", "--out", join(sandbox.home.folder, "accounts.csv"));
    }
    const found = await entries("--outcome", "read");
    expect(found.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      `account.read ${ADDRESS}`,
      "sessions.read all",
      "accounts.export all",
      "accounts.export all",
    ]);
  });

  it("as files with everything that the chain is of, narrowed like the list, oldest first", async () => {
    const csv = join(sandbox.home.folder, "audit.csv");
    const { code } = await cli.run("audit", "export", "--action", "access", "--out", csv);
    expect(code).toBe(0);
    const rows = parseCsv<Record<string, string>>(await readFile(csv, "utf8"), { columns: true });
    const stored = await sandbox.node.db.auditEntry.findMany({
      where: { action: { startsWith: "access." } },
      orderBy: { number: "asc" },
    });
    expect(rows.map(({ number, hash, seal }) => ({ number: Number(number), hash, seal }))).toEqual(
      stored.map(({ number, hash, seal }) => ({ number, hash, seal })),
    );
    const { stdout } = await cli.run(
      "audit",
      "export",
      "--format",
      "json",
      "--who",
      "ANNA",
      "--outcome",
      "done",
    );
    const json = JSON.parse(stdout) as Entry[];
    expect(json.length).toBeGreaterThan(3);
    expect(json.every(({ actor, outcome }) => actor === ANNA.name && outcome === "done")).toBe(true);
    const wrong = await cli.run("audit", "list", "--from", "2026-02-31");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("There is no such day or time.")]);
    expect(await entries("--until", "2020-01-01")).toEqual([]);
    expect(await entries("--from", "2099-01-01")).toEqual([]);
    expect(
      (await entries("--from", new Date(Date.now() - 3_600_000).toISOString(), "--action", "audit.export"))
        .length,
    ).toBe(2);
  });

  it("verify answers 0 while it is whole, and 7 with what is broken and where when it isn't", async () => {
    // What was written before this home had a secret has no seal; begin anew.
    const { db } = sandbox.node;
    await db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_never_removed"`);
    await db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_never_changed"`);
    await db.auditEntry.deleteMany();
    await rm(sandbox.home.auditHead);
    for (const days of [93, 94, 95]) await cli.run("panel", "set", `use.useDays=${days}`);
    const whole = await cli.json("audit", "verify");
    expect(whole).toMatchObject({
      code: 0,
      whole: true,
      entries: 3,
      first: 1,
      last: 3,
      head: 3,
      sealed: true,
    });
    expect((await cli.run("audit", "verify")).stdout).toBe("Whole: 3 entries, 1 to 3.\n");
    await db.$executeRawUnsafe(`UPDATE "AuditEntry" SET "actor" = 'nobody' WHERE "number" = 2`);
    await db.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE "number" = 3`);
    expect(await cli.json("audit", "verify")).toMatchObject({
      code: 7,
      whole: false,
      faultsInAll: 2,
      faults: [
        { kind: "changed", number: 2, sentence: "Entry 2 was changed after it was written." },
        { kind: "end", number: 3, sentence: "The end is cut off: Entry 3 is missing." },
      ],
    });
    expect(await standingAlarms(db)).toMatchObject([
      {
        key: "audit",
        sentence: "The audit was tampered with: Entry 2 was changed after it was written. And 1 more.",
      },
    ]);
  });
});
