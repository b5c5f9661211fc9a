import { createHmac } from "node:crypto";
import { generate } from "selfsigned";
import { afterEach, describe, expect, it } from "vitest";
import { sendTest } from "@/lib/server/alerts/test";
import { openDatabase } from "@/lib/server/database/client";
import { AlertSender } from "@/lib/server/keeper/send-alerts";
import { nodeAt } from "@/lib/server/node";
import { alertsSandbox, SIGNING_SECRET, TESTER } from "../support/alerts-sandbox";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { type MailReceiver, SMTP_USER, startMailReceiver } from "../support/receivers";

// How a message gets to its receiver doesn't depend on the mail server.
describe("how it is told", () => {
  const alerts = alertsSandbox(DOVECOTS.find(({ missing }) => !missing) ?? DOVECOTS[0]!);
  const extra: MailReceiver[] = [];
  afterEach(async () => void (await Promise.all(extra.splice(0).map((receiver) => receiver.close()))));

  /** The time until which it waits after a failure is over. */
  const later = async () =>
    await alerts.node.db.alertChannel.updateMany({ data: { nextTryAt: new Date(Date.now() - 1) } });
  const smtp = async (options: Parameters<typeof startMailReceiver>[0]) => {
    const receiver = await startMailReceiver(options);
    extra.push(receiver);
    await alerts.set({ smtpPort: String(receiver.port) });
    return receiver;
  };

  it("signs what it posts, so that the receiver can tell", async () => {
    alerts.edit();
    await alerts.look();
    const { headers, body } = alerts.webhook.posted[0]!;
    const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-portcullis-signature"])) ?? [];
    expect(mac).toBe(createHmac("sha256", SIGNING_SECRET).update(`${time}.${body}`).digest("hex"));
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60);
    expect(headers["x-portcullis-delivery"]).toBe(alerts.webhook.posted[0]?.json.id);
  });

  it("waits until it has stood for as long as was set", async () => {
    await alerts.set({ settleSeconds: "3600" });
    alerts.edit();
    await alerts.look();
    expect([alerts.events(), alerts.mail.mailed]).toEqual([[], []]);
    expect(await new Cli(alerts.sandbox.home.folder).run("alerts", "list", "--json")).toMatchObject({
      stdout: expect.stringMatching(/"key": "edited:settings\.conf"[\s\S]*"told": \[\]/),
    });
    await alerts.set({ settleSeconds: "0" });
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
  });

  it("two keepers at once don't tell twice", async () => {
    const other = openDatabase(alerts.sandbox.home.database);
    const keepers = [alerts.sender, new AlertSender(await nodeAt(alerts.sandbox.home, other))];
    alerts.edit();
    await alerts.drift.look();
    for (let round = 0; round < 3; round++) await Promise.all(keepers.map((keeper) => keeper.look()));
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
    expect(alerts.mail.mailed).toHaveLength(1);
    alerts.mend();
    await alerts.drift.look();
    for (let round = 0; round < 3; round++) await Promise.all(keepers.map((keeper) => keeper.look()));
    expect(alerts.events()).toEqual(["began edited:settings.conf", "over edited:settings.conf"]);
    expect(alerts.mail.mailed).toHaveLength(2);
    await other.$disconnect();
  });

  it("a receiver that answers 500 holds up nobody, is tried again later, and is told then", async () => {
    alerts.webhook.manner = "fail";
    alerts.edit();
    await alerts.look();
    await alerts.look();
    expect([alerts.webhook.tries(), alerts.mail.mailed.length]).toEqual([1, 1]);
    await later();
    await alerts.look();
    expect(alerts.webhook.tries()).toBe(2);
    expect(await alerts.failures("webhook")).toEqual(
      Array(2).fill(`${new URL(alerts.webhook.url).host} answered 500.`),
    );
    expect(await alerts.node.db.alertChannel.findUnique({ where: { channel: "webhook" } })).toMatchObject({
      failures: 2,
      failed: 2,
      sent: 0,
    });
    alerts.webhook.manner = "take";
    await later();
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
    expect(alerts.mail.mailed).toHaveLength(1);
  });

  it("what was over while a receiver was down is told with its end", async () => {
    alerts.webhook.manner = "fail";
    alerts.edit();
    await alerts.look();
    alerts.mend();
    await alerts.look();
    alerts.webhook.manner = "take";
    await later();
    await alerts.look();
    expect(alerts.events()).toEqual(["over edited:settings.conf"]);
    expect(alerts.webhook.posted[0]?.json.text).toContain("It could not be told while it stood.");
    expect(alerts.subjects()).toHaveLength(2);
  });

  it("servers that hang are given up, and the other channel doesn't wait for them", async () => {
    alerts.webhook.manner = "hang";
    alerts.edit();
    await alerts.drift.look();
    const sending = alerts.sender.look();
    await expect.poll(() => alerts.mail.mailed.length, { timeout: 9000 }).toBe(1);
    expect(await alerts.failures("webhook")).toEqual([]);
    // One that accepts connections and never says a word.
    await smtp({ onConnect: () => {} });
    const [tested] = await Promise.all([sendTest(alerts.node, "email", TESTER), sending]);
    expect(tested).toMatchObject({
      outcome: "failed",
      failure: expect.stringMatching(/did not (?:take it within 10 seconds|answer in time)\.$/),
    });
    expect(await alerts.failures("webhook")).toEqual([
      `${new URL(alerts.webhook.url).host} did not answer within 10 seconds.`,
    ]);
  });

  it("the end of the panel waits for nobody who hangs, and the next start tells", async () => {
    alerts.webhook.manner = "hang";
    alerts.edit();
    await alerts.drift.look();
    const stopping = new AbortController();
    const sending = alerts.sender.look(stopping.signal);
    await expect.poll(() => alerts.webhook.tries(), { timeout: 9000 }).toBe(1);
    stopping.abort();
    await sending;
    expect(await alerts.failures("webhook")).toEqual([]);
    alerts.webhook.manner = "take";
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
  });

  it("follows no redirect, and says why nobody takes it", async () => {
    alerts.webhook.manner = "redirect";
    alerts.edit();
    await alerts.look();
    expect(await alerts.failures("webhook")).toEqual([
      expect.stringContaining("sends on to another address (302)"),
    ]);
    expect(alerts.webhook.tries()).toBe(1);
    await alerts.webhook.close();
    await later();
    await alerts.look();
    expect((await alerts.failures("webhook")).at(-1)).toMatch(/refuses connections/);
  });

  it("other settings are tried at once", async () => {
    await alerts.set({ webhookUrl: "http://127.0.0.1:1/" });
    alerts.edit();
    await alerts.look();
    await alerts.set({ webhookUrl: alerts.webhook.url });
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
  });

  it("never sends a password without the encryption that was chosen", async () => {
    await alerts.set({ smtpSecurity: "starttls" });
    expect(await sendTest(alerts.node, "email", TESTER)).toMatchObject({
      failure: expect.stringContaining("does not offer STARTTLS"),
    });
    expect(alerts.mail.signIns).toEqual([]);
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
      keyType: "rsa",
    });
    for (const [smtpSecurity, secure] of [
      ["starttls", false],
      ["tls", true],
    ] as const) {
      const untrusted = await smtp({ secure, cert, key, disabledCommands: [] });
      await alerts.set({ smtpSecurity });
      expect(await sendTest(alerts.node, "email", TESTER)).toMatchObject({
        failure: expect.stringContaining("shows a TLS certificate that can't be trusted"),
      });
      expect([untrusted.signIns, untrusted.mailed]).toEqual([[], []]);
    }
  });

  it("tells of a wrong password and of a refused recipient, and keeps secrets to itself", async () => {
    await alerts.set({ smtpPassword: "wr0ng-secret" });
    alerts.webhook.manner = "fail";
    alerts.edit();
    await alerts.look();
    expect(await alerts.failures("email")).toEqual([
      expect.stringMatching(/refused the user or the password \(535\)\.$/),
    ]);
    await alerts.set({ smtpPassword: SMTP_USER.password, mailTo: "anna@other.example nobody@other.example" });
    await alerts.look();
    expect((await alerts.failures("email")).at(-1)).toContain("did not take it for nobody@other.example");
    const cli = new Cli(alerts.sandbox.home.folder);
    const said = [
      await cli.run("panel", "list", "--json"),
      await cli.run("alerts", "list", "--json"),
      await cli.run("alerts", "test", "webhook"),
      await alerts.node.db.auditEntry.findMany(),
      await alerts.node.db.alertDelivery.findMany(),
      await alerts.node.db.panelSettings.findMany({ select: { sentences: true } }),
    ];
    for (const secret of [SIGNING_SECRET, "wr0ng-secret", SMTP_USER.password, "very-secret-path"])
      expect(JSON.stringify(said)).not.toContain(secret);
  });

  it("sends a test at a shell, and says what came of it", async () => {
    const cli = new Cli(alerts.sandbox.home.folder);
    expect(await cli.json("alerts", "test", "webhook")).toMatchObject({
      code: 0,
      channel: "webhook",
      outcome: "sent",
      to: new URL(alerts.webhook.url).host,
      failure: null,
    });
    expect(alerts.webhook.posted[0]?.json).toMatchObject({ test: true, alerts: [] });
    expect(await cli.json("alerts", "test", "email")).toMatchObject({ code: 0, outcome: "sent" });
    expect(alerts.subjects()).toEqual([expect.stringContaining("Test: alerts get through")]);
    alerts.webhook.manner = "fail";
    expect(await cli.run("alerts", "test", "webhook")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Not taken: 127\.0\.0\.1:\d+ answered 500\.\n$/),
    });
    await alerts.set({ webhookUrl: "" });
    expect(await cli.run("alerts", "test", "webhook")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("portcullis panel set alerts.webhookUrl="),
    });
    expect(await cli.run("alerts", "test", "pigeon")).toMatchObject({ code: 2 });
  });
});
