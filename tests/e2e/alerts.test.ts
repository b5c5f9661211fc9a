import { readFileSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import parsePrometheus from "parse-prometheus-text-format";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { nodeAt } from "@/lib/server/node";
import { stopServices } from "@/lib/system/dovecot/daemon";
import {
  newSession,
  openBrowser,
  pageFaults,
  type Session,
  type VisitOptions,
  type Visitor,
  visit,
} from "../support/browser";
import { withImap } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";
import {
  type MailReceiver,
  SMTP_USER,
  startMailReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../support/receivers";

const TOKEN = "monitoring-t0ken-of-tests";
const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));

describe("alerts and monitoring", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let webhook: WebhookReceiver;
  let mail: MailReceiver;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [panel, browser, webhook, mail] = await Promise.all([
      startPanel(),
      openBrowser(),
      startWebhookReceiver(),
      startMailReceiver(),
    ]);
    session = await newSession(browser, panel.url);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
    await Promise.all([webhook?.close(), mail?.close()]);
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });

  const open = async (path: string, options: VisitOptions = {}): Promise<Page> => {
    const visitor = await visit(browser, { ...options, session });
    visitors.push(visitor);
    await visitor.page.goto(panel.url + path);
    return visitor.page;
  };
  const settings = () => join(panel.generated, "settings.conf");
  const ask = async (path: string, token?: string) =>
    await fetch(panel.url + path, token ? { headers: { authorization: `Bearer ${token}` } } : {});

  it("tells nobody before it is set up, and says so", async () => {
    const page = await open("/alerts");
    await page.getByText("Nobody is told yet: no channel is set up.").waitFor();
    expect(await page.getByRole("region", { name: "Webhook" }).innerText()).toContain("is not set up");
    expect(await pageFaults(page)).toEqual([]);
  });

  it("refuses settings that can't be, each beside its field, and keeps what was typed", async () => {
    const page = await open("/settings/alerts");
    await page.getByLabel("Webhook address").fill("http://hooks.example/x");
    await page.getByLabel("E-mail to").fill("nonsense");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Nothing was saved: see the fields.").waitFor();
    await page.getByText("http:// goes for this machine only").waitFor();
    await page.getByText('"nonsense" is no e-mail address.').waitFor();
    expect(await page.getByLabel("E-mail to").inputValue()).toBe("nonsense");
    expect(await pageFaults(page)).toEqual([]);
  });

  it.each([true, false])(
    "is set up on the page, and tests both channels, JavaScript %s",
    async (javaScript) => {
      const page = await open("/settings/alerts", { javaScript });
      await page.getByLabel("Tell after").fill("0");
      await page.getByLabel("Webhook address").fill(webhook.url);
      await page.getByLabel("Webhook signing secret").fill("signing-s3cret");
      await page.getByLabel("SMTP server").fill("127.0.0.1");
      await page.getByLabel("SMTP port").fill(String(mail.port));
      await page.getByLabel("SMTP encryption").selectOption("none");
      await page.getByLabel("SMTP user").fill(SMTP_USER.name);
      await page.getByLabel("SMTP password").fill(javaScript ? "wr0ng" : SMTP_USER.password);
      await page.getByLabel("E-mail from").fill("panel@site.example");
      await page.getByLabel("E-mail to").fill("anna@other.example");
      await page.getByLabel("Monitoring token").fill(TOKEN);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/^Saved\.$|Nothing to change\./).waitFor();
      for (const secret of [webhook.url, "signing-s3cret", SMTP_USER.password, TOKEN])
        expect(await page.content()).not.toContain(secret);

      await page.goto(`${panel.url}/alerts`);
      const card = (name: string) => page.getByRole("region", { name });
      const before = webhook.posted.length;
      await card("Webhook").getByRole("button", { name: "Send a test" }).click();
      await card("Webhook")
        .getByText(/^Taken by 127\.0\.0\.1:\d+ after [\d,]+ ms\.$/)
        .waitFor();
      expect(webhook.posted.slice(before).map(({ json }) => json.test)).toEqual([true]);
      await card("E-mail").getByRole("button", { name: "Send a test" }).click();
      if (javaScript) {
        await card("E-mail").getByText("Not taken: ", { exact: false }).waitFor();
        expect(await card("E-mail").innerText()).toMatch(
          /E-mail fails[\s\S]*refused the user or the password/,
        );
        expect(await page.content()).not.toContain("wr0ng");
        expect(await pageFaults(page)).toEqual([]);
      } else {
        await card("E-mail")
          .getByText("Taken by anna@other.example by 127.0.0.1", { exact: false })
          .waitFor();
        expect(mail.mailed.at(-1)?.text).toContain("Test: alerts get through");
        expect(await card("E-mail").innerText()).toContain("E-mail gets through");
      }
    },
  );

  it("the running panel tells of an edit by hand and of its end by itself, and the page shows that", async () => {
    const own = await readFile(settings(), "utf8");
    const events = () =>
      webhook.posted.flatMap(({ json }) => json.alerts.map((one) => `${one.event} ${one.key}`));
    await appendFile(settings(), "# by hand\n");
    await expect.poll(events, { timeout: 100_000 }).toEqual(["began edited:settings.conf"]);
    expect(webhook.posted.at(-1)?.json.alerts[0]?.url).toBe(`${panel.url}/mailserver/drift`);
    await expect.poll(() => mail.mailed.at(-1)?.text).toContain(`${panel.url}/mailserver/drift`);
    const page = await open("/alerts", { narrow: true, dark: true });
    expect(await page.getByRole("table", { name: "What stands" }).innerText()).toMatch(
      /settings\.conf was edited by hand[\s\S]*Webhook: (?:just now|\d+ seconds? ago)/,
    );
    expect(await pageFaults(page)).toEqual([]);
    expect(JSON.parse((await panel.cli("alerts", "list", "--json")).stdout)).toEqual([
      expect.objectContaining({
        key: "edited:settings.conf",
        severity: "warning",
        told: expect.arrayContaining([expect.objectContaining({ channel: "webhook", times: 1 })]),
      }),
    ]);
    await writeFile(settings(), own);
    await expect
      .poll(events, { timeout: 100_000 })
      .toEqual(["began edited:settings.conf", "over edited:settings.conf"]);
    await page.reload();
    expect(await page.getByRole("table", { name: "What was over lately" }).innerText()).toMatch(
      /settings\.conf was edited by hand[\s\S]*that it is over/,
    );
    expect(await page.getByRole("table", { name: "What was sent" }).innerText()).toContain(
      "Is over: warning:",
    );
    expect(await pageFaults(page)).toEqual([]);
    expect((await panel.cli("alerts", "list")).stdout).toBe("Nothing stands.\n");
  }, 240_000);

  it("opens to a monitor only with the token", async () => {
    for (const path of ["/api/metrics", "/api/health/mail"]) {
      for (const token of [undefined, "", "wrong", `${TOKEN}x`, TOKEN.slice(1)]) {
        const response = await ask(path, token);
        expect([response.status, response.headers.get("www-authenticate")]).toEqual([
          401,
          'Bearer realm="Portcullis"',
        ]);
        expect(await response.text()).not.toMatch(/portcullis_|protocols/);
      }
      expect((await fetch(`${panel.url}${path}?token=${TOKEN}`)).status).toBe(401);
      expect((await ask(path, TOKEN)).status).toBe(200);
    }
    expect(await (await ask("/api/health")).json()).toEqual({ status: "ok" });
  });

  it("has every figure that is documented and no other, in the format that Prometheus reads", async () => {
    const [somebody] = await panel.accounts();
    const login = { port: panel.ports.imap, account: somebody!, encryption: "none" as const };
    await withImap(login, async () => {
      const scrape = async () => {
        const response = await ask("/api/metrics", TOKEN);
        expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
        return await response.text();
      };
      // The look at who is connected may be some seconds old.
      await expect.poll(scrape).toMatch(/^portcullis_sessions\{protocol="imap"\} 1$/m);
      const text = await scrape();
      const families = parsePrometheus(text);
      const guide = readFileSync(join(DOCS, "monitoring.md"), "utf8");
      const documented = [...guide.matchAll(/^\| `(portcullis_\w+)` \| (\w+) \|(.*?)\| .* \|$/gm)].map(
        ([, name, type, labels]) =>
          `${name} ${type?.toUpperCase()} ${[...(labels ?? "").matchAll(/`(\w+)`/g)].map(([, label]) => label).join()}`,
      );
      expect(documented.length).toBeGreaterThan(15);
      const found = families.map(
        ({ name, type, metrics }) => `${name} ${type} ${Object.keys(metrics[0]?.labels ?? {}).join()}`,
      );
      expect(found.toSorted()).toEqual(documented.toSorted());

      const value = (name: string, labels: Record<string, string> = {}) =>
        Number(
          families
            .find((family) => family.name === `portcullis_${name}`)
            ?.metrics.find((metric) =>
              Object.entries(labels).every(([key, word]) => metric.labels?.[key] === word),
            )?.value,
        );
      const port = String(panel.ports.imap);
      expect(value("mail_up")).toBe(1);
      expect(value("listener_wanted_open", { port })).toBe(1);
      expect(value("listener_seen_open", { port })).toBe(1);
      expect(value("sessions", { protocol: "pop3" })).toBe(0);
      expect(value("revision_in_force")).toBe(value("revision_wanted"));
      expect(value("accounts")).toBe((await panel.accounts()).length);
      expect(value("certificate_expiry_timestamp_seconds")).toBeGreaterThan(Date.now() / 1000);
      expect(value("mail_volume_size_bytes")).toBeGreaterThan(value("mail_volume_free_bytes"));
      expect(value("alert_deliveries_total", { channel: "webhook", outcome: "sent" })).toBeGreaterThanOrEqual(
        4,
      );
      expect(value("alert_deliveries_total", { channel: "email", outcome: "failed" })).toBe(1);
      expect(text).not.toContain(somebody!.address);
    });
  });

  it("tells a monitor by 503 that mail is down, by figures which port, and answers again when it is up", async () => {
    await panel.cli("mailserver", "set", "pop3=off", "--accept-warnings");
    const closed = await ask("/api/health/mail", TOKEN);
    expect([closed.status, await closed.json()]).toEqual([
      200,
      expect.objectContaining({
        status: "ok",
        protocols: expect.objectContaining({ imap: "answers", pop3: "closed" }),
      }),
    ]);
    // Behind the panel's back.
    const db = openDatabase(homeAt(panel.home).database);
    const { instance } = await nodeAt(homeAt(panel.home), db);
    await stopServices(instance, ["imap-login"]);
    await expect
      .poll(async () => (await ask("/api/health/mail", TOKEN)).status, { timeout: 30_000, interval: 500 })
      .toBe(503);
    expect(await (await ask("/api/health/mail", TOKEN)).json()).toMatchObject({
      status: "failing",
      protocols: { imap: "failing", pop3: "closed" },
      reasons: expect.arrayContaining([`IMAP on 127.0.0.1 port ${panel.ports.imap} does not answer.`]),
    });
    const figures = await (await ask("/api/metrics", TOKEN)).text();
    expect(figures).toMatch(/^portcullis_mail_up 0$/m);
    expect(figures).toMatch(/^portcullis_dovecot_up 1$/m);
    expect(figures).toContain(
      `portcullis_listener_seen_open{protocol="imap",address="127.0.0.1",port="${panel.ports.imap}"} 0`,
    );
    expect((await ask("/api/health")).status).toBe(200);
    expect(await panel.cli("drift", "restore")).toMatchObject({ code: 0 });
    await expect
      .poll(async () => (await ask("/api/health/mail", TOKEN)).status, { timeout: 30_000, interval: 500 })
      .toBe(200);
    await db.$disconnect();
  });

  it("the example of rules for Prometheus is one, and names only figures that are documented", () => {
    const file = readFileSync(join(DOCS, "examples/portcullis-alerts.yml"), "utf8");
    const { groups } = parseYaml(file) as {
      groups: { name: string; rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const guide = readFileSync(join(DOCS, "monitoring.md"), "utf8");
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(8);
    for (const { alert, expr, annotations } of rules) {
      expect(alert).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(annotations.summary).not.toBe("");
      const names = expr.match(/portcullis_\w+/g) ?? [];
      for (const name of names) expect(guide, alert).toContain(`| \`${name}\` |`);
    }
  });
});
