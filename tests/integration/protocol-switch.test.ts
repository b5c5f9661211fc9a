import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { openSessions } from "@/lib/system/dovecot/sessions";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3, withImap } from "../support/mail-clients";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";

describe.each(DOVECOTS)("IMAP and POP3 switched on Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());

  const set = async (patch: Record<string, unknown>, confirmations = {}) =>
    await save(sandbox, patch, confirmations);
  const inForce = async () => differences(await mailserverStatus(sandbox.node));

  it("starts with both open and everything as wanted", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(await inForce()).toEqual([]);
    const account = sandbox.accounts[0]!;
    expect(
      (await readByImap({ port: sandbox.ports.imap, account, encryption: "starttls" })).length,
    ).toBeGreaterThan(2);
    expect(await readByPop3({ port: sandbox.ports.pop3s, account, encryption: "tls" })).toBeGreaterThan(2);
  });

  it("closes POP3 without a reload: no IMAP session notices, POP3 sessions end, the ports refuse", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const account = sandbox.accounts[1]!;
    await withImap({ port: sandbox.ports.imaps, account, encryption: "tls" }, async (imap) => {
      const before = await openSessions(sandbox.node.instance);
      expect(before?.map(({ protocol }) => protocol)).toEqual(["imap"]);
      expect(outcomeOf(await set({ pop3: false }))).toMatchObject({
        kind: "applied",
        enforcement: { how: "stop" },
      });
      await expect(readByPop3({ port: sandbox.ports.pop3, account, encryption: "none" })).rejects.toThrow(
        "ECONNREFUSED",
      );
      await expect(readByPop3({ port: sandbox.ports.pop3s, account, encryption: "tls" })).rejects.toThrow(
        "ECONNREFUSED",
      );
      expect(await imap.status("INBOX", { messages: true })).toMatchObject({ path: "INBOX" });
    });
    expect(await inForce()).toEqual([]);
  });

  it("saves what is already so without a revision or a reload", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { dovecot: _, ...before } = await mailserverStatus(sandbox.node);
    const result = await set({ pop3: false });
    expect(result).toMatchObject({ kind: "done", saved: undefined, outcome: { kind: "unchanged" } });
    expect((await mailserverStatus(sandbox.node)).wanted.number).toBe(before.wanted.number);
  });

  it("opens POP3 again by one reload", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(outcomeOf(await set({ pop3: true }))).toMatchObject({
      kind: "applied",
      enforcement: { how: "reload" },
    });
    const account = sandbox.accounts[2]!;
    expect(await readByPop3({ port: sandbox.ports.pop3, account, encryption: "none" })).toBeGreaterThan(2);
    expect(await inForce()).toEqual([]);
  });

  it("keeps LMTP whatever is switched, and asks before it closes everything", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(await set({ imap: false, pop3: false })).toMatchObject({
      kind: "needs-confirmation",
      authenticationOnly: true,
    });
    expect(outcomeOf(await set({ imap: false, pop3: false }, { authenticationOnly: true }))).toMatchObject({
      kind: "applied",
    });
    const { listeners } = await mailserverStatus(sandbox.node);
    expect(listeners.map(({ protocol, seen }) => `${protocol} ${seen}`).toSorted()).toEqual([
      "imap closed",
      "imap closed",
      "lmtp open",
      "pop3 closed",
      "pop3 closed",
    ]);
    expect(outcomeOf(await set({ imap: true, pop3: true }))).toMatchObject({ kind: "applied" });
    expect(await inForce()).toEqual([]);
  });

  it("stays closed over a reload by somebody else and over a restart", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    await set({ pop3: false });
    await sandbox.node.ports.reload();
    await sandbox.node.ports.wait(300);
    expect(await inForce()).toEqual([]);
    await sandbox.stop();
    expect(await inForce()).toContain("Dovecot is not running.");
    await sandbox.start();
    expect(await inForce()).toEqual([]);
  });
});
