import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role, Scope } from "@/lib/core/operators/roles";
import type { Database } from "@/lib/server/database/client";
import { acceptInvitation, resetByLink } from "@/lib/server/operators/accept";
import { changeRole, disable, enable, makeResetLink, remove } from "@/lib/server/operators/change";
import { resetAtHost } from "@/lib/server/operators/host-reset";
import { findLink, invite, withdrawInvitation } from "@/lib/server/operators/links";
import { operatorViews } from "@/lib/server/operators/list";
import { hashPassword, isPasswordOf, writePassword } from "@/lib/server/operators/passwords";
import {
  beginCodes,
  checkSecondFactor,
  finishCodes,
  pendingCodes,
  recoveryCodesLeft,
} from "@/lib/server/operators/second-factor";
import { testDatabase } from "../support/database";

const ACTOR = { name: "tester", origin: "cli" } as const;
const PASSWORD = "correct horse battery staple";

describe("operators", () => {
  let db: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const test = await testDatabase();
    db = test.db;
    close = async () => await test.remove();
    process.env.PORTCULLIS_HOME = test.folder;
    writeFileSync(join(test.folder, "secret"), randomBytes(32).toString("hex"));
  });
  afterAll(async () => {
    await close();
    delete process.env.PORTCULLIS_HOME;
  });
  /** Entries of the audit before this test: they are never removed. */
  let told = 0;
  beforeEach(async () => {
    await db.operatorLink.deleteMany();
    await db.user.deleteMany();
    told = await db.auditEntry.count();
  });

  /** Without a password, which is slow to make, and rightly so. */
  async function make(email: string, role: Role, scope: Scope = null): Promise<string> {
    const now = new Date();
    const facts = { emailVerified: false, createdAt: now, updatedAt: now, name: email };
    const row = { ...facts, id: email, email, role, scope: scope && JSON.stringify(scope) };
    return (await db.user.create({ data: row })).id;
  }
  const administratorsLeft = async () =>
    (await operatorViews(db)).filter(
      ({ role, scope, isDisabled }) => role === "administrator" && scope === null && !isDisabled,
    ).length;
  const refusals = async () =>
    (await db.auditEntry.findMany({ where: { outcome: "refused", number: { gt: told } } })).map(
      ({ action }) => action,
    );

  describe("the last administrator", () => {
    it.each([
      ["is not disabled", (id: string) => disable(db, ACTOR, id)],
      ["keeps the role", (id: string) => changeRole(db, ACTOR, id, { role: "reviewer", scope: null })],
      [
        "keeps the whole server",
        (id: string) => changeRole(db, ACTOR, id, { role: "administrator", scope: ["a.example"] }),
      ],
    ])("%s, also while somebody of some domains or somebody disabled is one", async (_what, act) => {
      const id = await make("anna@panel.example", "administrator");
      await make("ben@panel.example", "administrator", ["riverside.example"]);
      const off = await make("cleo@panel.example", "administrator");
      expect(await disable(db, ACTOR, off)).toMatchObject({ ok: true });
      expect(await act(id)).toMatchObject({
        ok: false,
        message: expect.stringContaining("last administrator"),
      });
      expect(await administratorsLeft()).toBe(1);
      expect(await refusals()).toHaveLength(1);
    });

    it("is left when two remove one another at once", async () => {
      for (let round = 0; round < 5; round++) {
        await db.user.deleteMany();
        const [a, b] = [
          await make(`a${round}@panel.example`, "administrator"),
          await make(`b${round}@panel.example`, "administrator"),
        ];
        const results = await Promise.all([
          disable(db, ACTOR, a),
          round % 2 === 0
            ? disable(db, ACTOR, b)
            : changeRole(db, ACTOR, b, { role: "operator", scope: null }),
        ]);
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        expect(await administratorsLeft()).toBe(1);
      }
    });

    it("can go when there is another, and only after having been disabled", async () => {
      const a = await make("a@panel.example", "administrator");
      await make("b@panel.example", "administrator");
      expect(await remove(db, ACTOR, a)).toMatchObject({ ok: false });
      expect(await disable(db, ACTOR, a)).toMatchObject({ ok: true });
      expect(await remove(db, ACTOR, a)).toMatchObject({ ok: true });
      expect((await operatorViews(db)).map(({ email }) => email)).toEqual(["b@panel.example"]);
    });
  });

  it("a role that somebody changed in between is not overwritten", async () => {
    await make("a@panel.example", "administrator");
    const id = await make("b@panel.example", "reviewer");
    const was = (await operatorViews(db)).find((one) => one.id === id)?.standing ?? "";
    expect(await changeRole(db, ACTOR, id, { role: "operator", scope: null, was })).toMatchObject({
      ok: true,
    });
    expect(await changeRole(db, ACTOR, id, { role: "administrator", scope: null, was })).toMatchObject({
      ok: false,
      message: expect.stringContaining("in between"),
    });
    expect((await db.user.findUniqueOrThrow({ where: { id } })).role).toBe("operator");
  });

  describe("an invitation", () => {
    const facts = { email: "new@panel.example", role: "operator", scope: ["a.example"], days: 3 } as const;
    const accept = (given: string) => acceptInvitation(db, given, { name: "New", password: PASSWORD });
    async function token(): Promise<string> {
      const made = await invite(db, ACTOR, facts);
      return made.ok ? made.token : "";
    }

    it("makes what it says, once, also for two at once", async () => {
      const good = await token();
      const results = await Promise.all([accept(good), accept(good), accept(good)]);
      expect(results.filter(Boolean)).toEqual([facts.email]);
      expect(await operatorViews(db)).toMatchObject([{ role: "operator", scope: ["a.example"] }]);
      expect(await accept(good)).toBeUndefined();
    });

    it("is nothing after its end, when it was withdrawn, replaced, or changed by a letter", async () => {
      const ended = await token();
      await db.operatorLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
      const withdrawn = await token();
      const { id } = await db.operatorLink.findFirstOrThrow({
        where: { withdrawnAt: null, expiresAt: { gt: new Date() } },
      });
      expect(await withdrawInvitation(db, ACTOR, id)).toBe(true);
      const replaced = await token();
      const good = await token();
      const tampered = (good.startsWith("A") ? "B" : "A") + good.slice(1);
      for (const bad of [ended, withdrawn, replaced, tampered, "", "x".repeat(5000)])
        expect(await accept(bad), bad).toBeUndefined();
      expect(await findLink(db, "reset", good)).toBeUndefined();
      expect(await operatorViews(db)).toEqual([]);
      expect(await accept(good)).toBe(facts.email);
    });

    it("is not kept in a form that opens anything, and not made for who is an operator", async () => {
      const good = await token();
      const rows = JSON.stringify([await db.operatorLink.findMany(), await db.auditEntry.findMany()]);
      expect(rows).not.toContain(good);
      await accept(good);
      expect(await invite(db, ACTOR, facts)).toMatchObject({ ok: false });
    });
  });

  it("a link for a new password works once, and ends the sessions", async () => {
    const id = await make("a@panel.example", "administrator");
    const now = new Date();
    await db.session.create({
      data: {
        id: "s",
        token: "t",
        userId: id,
        createdAt: now,
        updatedAt: now,
        expiresAt: new Date(Date.now() + 60_000),
      },
    });
    const made = await makeResetLink(db, ACTOR, id);
    if (!made.ok) throw new Error(made.message);
    await writePassword(db, id, await hashPassword(PASSWORD));
    expect(await isPasswordOf(db, id, PASSWORD)).toBe(true);
    const results = await Promise.all([
      resetByLink(db, made.token, "a new password 1"),
      resetByLink(db, made.token, "a new password 2"),
    ]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await isPasswordOf(db, id, PASSWORD)).toBe(false);
    expect(await db.session.count()).toBe(0);
  });

  it("the host's reset enables, sets a password, and takes the second factor only where asked", async () => {
    const id = await make("a@panel.example", "administrator");
    await make("b@panel.example", "administrator");
    await beginCodes(db, id);
    await db.twoFactor.updateMany({ data: { verified: true } });
    await disable(db, ACTOR, id);
    const first = await resetAtHost(db, ACTOR, "a@panel.example", {
      password: "set at the host",
      withSecondFactor: false,
    });
    expect(first?.sentences[0]).toBe("a@panel.example is enabled.");
    expect(await isPasswordOf(db, id, "set at the host")).toBe(true);
    expect(await db.twoFactor.count()).toBe(1);
    const second = await resetAtHost(db, ACTOR, "a@panel.example", {
      password: undefined,
      withSecondFactor: true,
    });
    expect(second?.link?.token).toMatch(/^[\w-]{43}$/);
    expect(await db.twoFactor.count()).toBe(0);
    expect(await isPasswordOf(db, id, "set at the host")).toBe(true);
    expect(await enable(db, ACTOR, id)).toEqual({ ok: true, sentences: [] });
  });

  it("codes: stored encrypted, good only after the first was given, each once", async () => {
    const id = await make("a@panel.example", "administrator");
    await beginCodes(db, id);
    const enrolment = await pendingCodes(db, { id, email: "a@panel.example" });
    const stored = JSON.stringify(await db.twoFactor.findMany());
    const secret = enrolment?.secret.replaceAll(" ", "") ?? "";
    expect(secret.length).toBeGreaterThan(31);
    expect(stored).not.toContain(secret);
    const code = new TOTP({ secret }).generate();
    expect(await checkSecondFactor(db, id, code)).toBeUndefined();
    expect(await finishCodes(db, ACTOR, id, "000000")).toBeUndefined();
    const recovery = (await finishCodes(db, ACTOR, id, code)) ?? [];
    expect(new Set(recovery).size).toBe(10);
    expect(JSON.stringify(await db.twoFactor.findMany())).not.toContain(recovery[0]);
    expect(await checkSecondFactor(db, id, code)).toBeUndefined();
    const next = new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 });
    const twice = await Promise.all([checkSecondFactor(db, id, next), checkSecondFactor(db, id, next)]);
    expect(twice.filter(Boolean)).toEqual(["code"]);
    const typed = (recovery[0] ?? "").toUpperCase().replace("-", " ");
    const both = await Promise.all([checkSecondFactor(db, id, typed), checkSecondFactor(db, id, typed)]);
    expect(both.filter(Boolean)).toEqual(["recovery-code"]);
    expect(await recoveryCodesLeft(db, id)).toBe(9);
  });
});
