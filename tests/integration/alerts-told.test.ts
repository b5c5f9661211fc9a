import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { DriftWatch } from "@/lib/server/keeper/watch-drift";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { alertsSandbox } from "../support/alerts-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { SMTP_USER } from "../support/receivers";
import { fillUp, mountSmallDisk, mountWorks, unmount } from "../support/small-disk";

describe.each(DOVECOTS)("what is told of, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  const alerts = alertsSandbox(dovecot);

  it("tells by both channels when a file is edited by hand, once, and once that it is over", async () => {
    await alerts.look();
    expect([alerts.events(), alerts.mail.mailed]).toEqual([[], []]);
    alerts.edit();
    await alerts.look();
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf"]);
    const [posted] = alerts.webhook.posted;
    expect(posted?.json).toMatchObject({
      format: "portcullis-alerts/1",
      test: false,
      text: expect.stringContaining("settings.conf was edited by hand"),
      alerts: [
        { severity: "warning", sentence: expect.stringContaining("settings.conf was edited by hand") },
      ],
    });
    const [mailed] = alerts.mail.mailed;
    expect(mailed).toMatchObject({
      from: "panel@site.example",
      to: ["anna@other.example", "ben@other.example"],
      text: expect.stringMatching(/^Auto-Submitted: auto-generated\r?$/m),
    });
    expect(mailed?.text.replace(/=\r\n/g, "")).toContain("settings.conf was edited by hand");
    expect(alerts.mail.signIns).toEqual([`${SMTP_USER.name} ${SMTP_USER.password}`]);
    alerts.mend();
    await alerts.look();
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf", "over edited:settings.conf"]);
    expect(alerts.subjects()).toEqual([
      expect.stringMatching(/^\[Portcullis .*\] Warning: settings\.conf/),
      expect.stringMatching(/^\[Portcullis .*\] Is over: settings\.conf/),
    ]);
  });

  itOnce("tells again after the hours that were set, and only alarms where those are asked for", async () => {
    alerts.edit();
    await alerts.look();
    await alerts.node.db.alertTelling.updateMany({ data: { toldAt: new Date(Date.now() - 25 * 3_600_000) } });
    await alerts.look();
    await alerts.look();
    expect(alerts.events()).toEqual(["began edited:settings.conf", "stands edited:settings.conf"]);
    alerts.mend();
    await alerts.look();
    await alerts.set({ least: "alarm" });
    alerts.edit();
    await alerts.look();
    expect(alerts.events()).toHaveLength(3);
    await alerts.sandbox.kill();
    await alerts.look();
    expect(alerts.events().slice(3)).toEqual(["began daemon-down"]);
    expect(alerts.subjects().at(-1)).toMatch(/\] Alarm: Dovecot is not running/);
    await alerts.sandbox.start();
  });

  itOnce("tells of a certificate that ends within the days that were set", async () => {
    const path = join(dirname(alerts.sandbox.configFile), "cert.pem");
    const before = readFileSync(path);
    const { cert } = await generate([{ name: "commonName", value: "localhost" }], {
      notAfterDate: new Date(Date.now() + 10.5 * 24 * 60 * 60_000),
      keyType: "rsa",
    });
    writeFileSync(path, cert);
    try {
      await alerts.set({ certificateDays: "10" });
      await alerts.look();
      expect(alerts.events()).toEqual([]);
      await alerts.set({ certificateDays: "11" });
      // Where no file was touched it looks at certificates every ten minutes, and when it starts.
      alerts.drift = new DriftWatch(alerts.node);
      await alerts.look();
      expect(alerts.events()).toEqual(["began certificate"]);
    } finally {
      writeFileSync(path, before);
    }
  });

  it("tells of a mail volume that is nearly full, and becomes louder when it is", async (context) => {
    if (!mountWorks()) return context.skip("file systems can't be mounted here");
    const folder = join(alerts.sandbox.home.dovecot, "mail");
    const { volume } = await mailserverStatus(alerts.node);
    expect(volume).toMatchObject({ folder: expect.stringMatching(/\/mail$/) });
    const mounted = alerts.node.instance.root + (volume?.folder ?? folder);
    mountSmallDisk(mounted, "1m");
    try {
      await alerts.look();
      expect(alerts.events()).toEqual([]);
      const empty = fillUp(mounted, 64 * 1024);
      await alerts.look();
      expect(alerts.events()).toEqual(["began mail-volume"]);
      expect(alerts.webhook.posted[0]?.json.alerts[0]).toMatchObject({ severity: "warning" });
      fillUp(mounted);
      await alerts.look();
      expect(alerts.events().at(-1)).toBe("worse mail-volume");
      empty();
      await alerts.look();
      expect(alerts.events().at(-1)).toBe("over mail-volume");
    } finally {
      unmount(mounted);
    }
  });
});
