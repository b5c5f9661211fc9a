import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { AlertSender } from "@/lib/server/keeper/send-alerts";
import { DriftWatch } from "@/lib/server/keeper/watch-drift";
import type { MailNode } from "@/lib/server/node";
import { savePanelSettings } from "@/lib/server/panel-settings";
import type { AvailableDovecot } from "./dovecot-versions";
import {
  type MailReceiver,
  SMTP_USER,
  startMailReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from "./receivers";
import { startSandbox, type TestSandbox } from "./sandbox";

export const TESTER = { name: "tester", origin: "cli" } as const;
export const SIGNING_SECRET = "signing-s3cret";

/** A real Dovecot whose troubles are told to a real HTTP and a real SMTP server; each test begins with nothing told. */
export interface AlertsSandbox {
  sandbox: TestSandbox;
  node: MailNode;
  /** The two tasks of the keeper that find out what stands. */
  drift: DriftWatch;
  sender: AlertSender;
  webhook: WebhookReceiver;
  mail: MailReceiver;
  set(typed: Record<string, string>): Promise<void>;
  /** What the keeper does again and again. */
  look(): Promise<void>;
  /** Edits a generated file by hand, which is told as edited:settings.conf; and takes that back. */
  edit(): void;
  mend(): void;
  /** What the webhook was told so far, as "began KEY". */
  events(): string[];
  /** Of the mails that came. */
  subjects(): (string | undefined)[];
  failures(channel: string): Promise<(string | null)[]>;
}

/** Sets one up for the tests of a block. Nothing of it is there before they run. */
export function alertsSandbox(dovecot: AvailableDovecot): AlertsSandbox {
  let settings: string;
  let own: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    alerts.sandbox = await startSandbox(dovecot);
    alerts.node = alerts.sandbox.node;
    alerts.sender = new AlertSender(alerts.node);
    alerts.drift = new DriftWatch(alerts.node);
    settings = join(dirname(alerts.sandbox.configFile), "portcullis/settings.conf");
    own = readFileSync(settings, "utf8");
  });
  afterAll(async () => await alerts.sandbox?.remove());
  beforeEach(async (context) => {
    if (dovecot.missing) return context.skip(dovecot.missing);
    const { db } = alerts.node;
    [alerts.webhook, alerts.mail] = await Promise.all([startWebhookReceiver(), startMailReceiver()]);
    await db.$transaction([
      db.alert.deleteMany(),
      db.alertChannel.deleteMany(),
      db.alertDelivery.deleteMany(),
      db.panelSettings.deleteMany(),
    ]);
    await alerts.set({
      settleSeconds: "0",
      webhookUrl: alerts.webhook.url,
      webhookSecret: SIGNING_SECRET,
      smtpHost: "127.0.0.1",
      smtpPort: String(alerts.mail.port),
      smtpSecurity: "none",
      smtpUser: SMTP_USER.name,
      smtpPassword: SMTP_USER.password,
      mailFrom: "panel@site.example",
      mailTo: "anna@other.example ben@other.example",
    });
  });
  afterEach(async () => {
    if (dovecot.missing) return;
    alerts.mend();
    await Promise.all([alerts.webhook.close(), alerts.mail.close()]);
  });
  const alerts = {
    async set(typed) {
      expect(await savePanelSettings(alerts.node.db, TESTER, "alerts", typed)).toMatchObject({ ok: true });
    },
    async look() {
      await alerts.drift.look();
      await alerts.sender.look();
    },
    edit: () => appendFileSync(settings, "# by hand\n"),
    mend: () => writeFileSync(settings, own),
    events: () =>
      alerts.webhook.posted.flatMap(({ json }) => json.alerts.map(({ event, key }) => `${event} ${key}`)),
    subjects: () => alerts.mail.mailed.map(({ text }) => /^Subject: (.*)$/m.exec(text)?.[1]),
    failures: async (channel) =>
      (await alerts.node.db.alertDelivery.findMany({ where: { channel, failure: { not: null } } })).map(
        ({ failure }) => failure,
      ),
  } as AlertsSandbox;
  return alerts;
}
