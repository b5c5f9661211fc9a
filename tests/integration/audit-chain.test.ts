import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { standingAlarms } from "@/lib/server/alarms";
import { audit } from "@/lib/server/audit";
import { AUDIT_ALARM, checkAudit, guardAudit, lastCheck } from "@/lib/server/audit/check";
import { pruneAudit } from "@/lib/server/audit/prune";
import { auditRead } from "@/lib/server/audit/read";
import { sealEarlier } from "@/lib/server/audit/seal-earlier";
import { verifyAudit } from "@/lib/server/audit/verify";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import type { Actor } from "@/lib/server/mailserver/revisions";
import { writeDescription } from "@/lib/server/node";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { Cli } from "../support/cli";
import { testDatabase } from "../support/database";
import { HOSTILE } from "../support/hostile-strings";

const ANNA: Actor = { name: "anna@panel.example", origin: "page", from: "192.0.2.7" };
const NO_DOVECOT = { root: "", configFile: "/none", baseDir: "/none", stagingDir: "/none" };
const DAY_MS = 24 * 60 * 60_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeEach(async () => {
  database = await testDatabase();
  await writeFile(join(database.folder, "secret"), "a secret of tests\n");
});
afterEach(async () => await database.remove());

const write = async (count: number) => {
  for (let index = 1; index <= count; index++)
    await audit(database.db, {
      actor: ANNA,
      action: "test.write",
      outcome: "done",
      sentences: [`No. ${index}`],
    });
};
/** What somebody does who reaches the database's file and not the secret beside it. */
const tamper = async (...statements: string[]) => {
  await database.db.$executeRawUnsafe(`DROP TRIGGER IF EXISTS "AuditEntry_never_changed"`);
  await database.db.$executeRawUnsafe(`DROP TRIGGER IF EXISTS "AuditEntry_never_removed"`);
  for (const statement of statements) await database.db.$executeRawUnsafe(statement);
};
const kinds = async () =>
  (await verifyAudit(database.db)).faults.map(({ kind, number }) => `${kind} ${number}`);
const headFile = () => join(database.folder, "audit-head.json");

describe("the audit in a real database", () => {
  it("is whole as it is written, alone and within transactions, and its head lies beside it for its owner only", async () => {
    await write(3);
    await database.db.$transaction(async (tx) => {
      await audit(tx, { actor: ANNA, action: "test.write", outcome: "done", sentences: [] });
      await audit(tx, { actor: ANNA, action: "test.write", outcome: "done", sentences: [] });
    });
    expect(await verifyAudit(database.db)).toMatchObject({
      whole: true,
      entries: 5,
      first: 1,
      last: 5,
      head: 5,
      sealed: true,
      faults: [],
    });
    expect((await stat(headFile())).mode & 0o777).toBe(0o600);
  });

  it("an entry of a transaction that is undone is not there, and neither is its head", async () => {
    await write(1);
    const undone = database.db.$transaction(async (tx) => {
      await audit(tx, { actor: ANNA, action: "test.write", outcome: "done", sentences: [] });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, entries: 1, head: 1 });
    await write(1);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, entries: 2, head: 2 });
  });

  it("holds any text that somebody types as a name, and stays whole", async () => {
    for (const text of Object.values(HOSTILE))
      await audit(database.db, {
        actor: { name: text, origin: "page", from: text, via: text },
        action: "session.sign-in",
        outcome: "refused",
        subject: text,
        sentences: [text],
        reason: text,
      });
    expect(await verifyAudit(database.db)).toMatchObject({
      whole: true,
      entries: Object.keys(HOSTILE).length,
    });
  });

  it("can't be changed or shortened by way of the database's own tables", async () => {
    await write(2);
    await expect(database.db.auditEntry.updateMany({ data: { actor: "ben" } })).rejects.toThrow();
    await expect(database.db.auditEntry.deleteMany()).rejects.toThrow();
    const rows = await database.db.auditEntry.findMany();
    expect(rows.map(({ actor }) => actor)).toEqual([ANNA.name, ANNA.name]);
  });

  it.each([
    ["changed", `UPDATE "AuditEntry" SET "actor" = 'ben' WHERE "number" = 2`, ["changed 2"]],
    ["given another time", `UPDATE "AuditEntry" SET "at" = 'no time' WHERE "number" = 2`, ["changed 2"]],
    ["removed", `DELETE FROM "AuditEntry" WHERE "number" = 2`, ["missing 2"]],
    ["removed at the beginning", `DELETE FROM "AuditEntry" WHERE "number" < 3`, ["missing 1"]],
    ["removed at the end", `DELETE FROM "AuditEntry" WHERE "number" > 2`, ["end 3"]],
    ["removed all", `DELETE FROM "AuditEntry"`, ["end 1"]],
    [
      "removed under an anchor of one's own",
      `INSERT INTO "AuditAnchor" SELECT "number", "hash", "at", "at", "seal" FROM "AuditEntry" WHERE "number" = 2;
       DELETE FROM "AuditEntry" WHERE "number" <= 2`,
      ["anchor 2"],
    ],
    [
      "moved",
      `UPDATE "AuditEntry" SET "number" = 99 WHERE "number" = 2; UPDATE "AuditEntry" SET "number" = 2 WHERE "number" = 3;
       UPDATE "AuditEntry" SET "number" = 3 WHERE "number" = 99`,
      ["link 2", "changed 2", "link 3", "changed 3", "link 4"],
    ],
    [
      "put in",
      `INSERT INTO "AuditEntry" SELECT 5, "at", 'ben', "origin", "from", "via", "action", "outcome", "subject", "detail",
       "hash", 'made up', '' FROM "AuditEntry" WHERE "number" = 4`,
      ["changed 5", "seal 5"],
    ],
  ])("shows that an entry was %s by raw SQL, where, and goes on showing it", async (_what, sql, found) => {
    await write(4);
    await tamper(...sql.split(";"));
    expect(await kinds()).toEqual(found);
    // Whatever is written afterwards doesn't cover it up.
    await write(6);
    expect(await kinds()).not.toEqual([]);
  });

  it("keeps the first alarm for whoever looks, and clears it where it is whole again", async () => {
    await write(3);
    await tamper(`UPDATE "AuditEntry" SET "outcome" = 'refused' WHERE "number" = 2`);
    await checkAudit(database.db);
    expect(await standingAlarms(database.db)).toMatchObject([
      {
        key: AUDIT_ALARM,
        sentence: "The audit was tampered with: Entry 2 was changed after it was written.",
      },
    ]);
    expect(await lastCheck(database.db)).toMatchObject({ whole: false, entries: 3 });
    await tamper(`UPDATE "AuditEntry" SET "outcome" = 'done' WHERE "number" = 2`);
    await checkAudit(database.db);
    expect(await standingAlarms(database.db)).toEqual([]);
    expect(await lastCheck(database.db)).toMatchObject({ whole: true, sentences: [] });
  });

  it("tells of a head that can't be read, and doesn't write over it", async () => {
    await write(2);
    await writeFile(headFile(), "nonsense");
    await write(1);
    expect(await kinds()).toEqual(["end 3"]);
    expect(await readFile(headFile(), "utf8")).toBe("nonsense");
  });

  it("goes on after a process that was ended between its commit and the head", async () => {
    await write(1);
    const head = await readFile(headFile(), "utf8");
    await write(2);
    await writeFile(headFile(), head);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, head: 1 });
    await write(1);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, head: 4 });
  });

  it("stays one chain when two processes and several requests write at once", async () => {
    await writeDescription(homeAt(database.folder), { kind: "sandbox", instance: NO_DOVECOT });
    const cli = new Cli(database.folder);
    const other = openDatabase(join(database.folder, "portcullis.sqlite"));
    const shell = async (days: number) => await cli.run("panel", "set", `use.useDays=${days}`);
    const [first, second] = await Promise.all([
      Promise.all([91, 92].map(shell)),
      Promise.all([93, 94].map(shell)),
      Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          audit(index % 2 ? other : database.db, {
            actor: ANNA,
            action: "test.write",
            outcome: "done",
            sentences: [`No. ${index}`],
          }),
        ),
      ),
    ]);
    await other.$disconnect();
    expect([...first, ...second].map(({ code, stderr }) => `${code}${stderr}`)).toEqual(["0", "0", "0", "0"]);
    const { whole, entries, faults } = await verifyAudit(database.db);
    expect({ whole, faults, entries }).toEqual({ whole: true, faults: [], entries: 34 });
  });

  it("retention removes the oldest and leaves an anchor from which the rest is verified", async () => {
    await write(4);
    expect(await pruneAudit(database.db)).toBe(0);
    const later = new Date(Date.now() + 731 * DAY_MS);
    expect(await pruneAudit(database.db, later)).toBe(3);
    expect(await verifyAudit(database.db)).toMatchObject({
      whole: true,
      entries: 2,
      first: 4,
      anchor: { number: 3 },
      faults: [],
    });
    const [entry] = await database.db.auditEntry.findMany({ where: { action: "audit.prune" } });
    expect(entry).toMatchObject({ number: 5, origin: "keeper", subject: "entry 3" });
    expect(entry?.detail).toMatch(/Entries 1 to 3, the last of .*, were removed: older than 730 days\./);
    await write(2);
    expect(await pruneAudit(database.db, later)).toBe(3);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, first: 7, anchor: { number: 6 } });
    await tamper(`DELETE FROM "AuditEntry" WHERE "number" = 7`);
    expect(await kinds()).toEqual(["missing 7"]);
  });

  it("retention takes nothing away while the audit is broken, and is not under ninety days", async () => {
    await write(3);
    const old = new Date(Date.now() - 800 * DAY_MS).toISOString().replace("Z", "+00:00");
    await tamper(`UPDATE "AuditEntry" SET "at" = '${old}' WHERE "number" = 1`);
    await guardAudit(database.db);
    expect(await database.db.auditEntry.count()).toBe(3);
    const saved = await savePanelSettings(database.db, ANNA, "audit", { keepDays: "89" });
    expect(saved).toMatchObject({
      ok: false,
      problems: [{ key: "keepDays", message: "Enter 90 to 36500 days." }],
    });
    expect(await savePanelSettings(database.db, ANNA, "audit", { keepDays: "90" })).toMatchObject({
      ok: true,
    });
    const [entry] = await database.db.auditEntry.findMany({ where: { action: "panel-settings.save" } });
    expect(entry?.detail).toContain("Keep entries for: 730 → 90");
  });

  it("an audit from before the chain is sealed once, as it was found, and says so", async () => {
    const row = { at: new Date(), actor: "anna", origin: "page", action: "old.one", outcome: "done" };
    const bare = {
      from: "",
      via: "",
      subject: "",
      detail: '["POP3 off"]',
      previousHash: "",
      hash: "",
      seal: "",
    };
    for (const number of [1, 2, 3])
      await database.db.auditEntry.create({ data: { number, ...row, ...bare } });
    expect(await sealEarlier(database.db)).toBe(3);
    expect(await sealEarlier(database.db)).toBe(0);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true, entries: 4, head: 4 });
    // Not once more for somebody who takes all hashes away in order to have what he changed sealed.
    await tamper(`UPDATE "AuditEntry" SET "hash" = '', "actor" = 'ben'`);
    expect(await sealEarlier(database.db)).toBe(0);
    expect(await kinds()).toContain("changed 1");
    await rm(headFile());
    expect(await kinds()).toContain("changed 1");
  });

  it("a look at something is written once an hour for the same person, address and subject", async () => {
    const look = async (actor: Actor, subject: string) =>
      await auditRead(database.db, {
        actor,
        action: "account.read",
        outcome: "read",
        subject,
        sentence: "Looked",
      });
    await Promise.all([
      look(ANNA, "a@site.example"),
      look(ANNA, "a@site.example"),
      look(ANNA, "a@site.example"),
    ]);
    await look(ANNA, "b@site.example");
    await look({ ...ANNA, from: "192.0.2.8" }, "a@site.example");
    await look({ ...ANNA, name: "ben@panel.example" }, "a@site.example");
    const rows = await database.db.auditEntry.findMany({ orderBy: { number: "asc" } });
    expect(rows.map(({ actor, from, subject }) => `${actor} ${from} ${subject}`)).toEqual([
      "anna@panel.example 192.0.2.7 a@site.example",
      "anna@panel.example 192.0.2.7 b@site.example",
      "anna@panel.example 192.0.2.8 a@site.example",
      "ben@panel.example 192.0.2.7 a@site.example",
    ]);
    expect(await verifyAudit(database.db)).toMatchObject({ whole: true });
  });
});
