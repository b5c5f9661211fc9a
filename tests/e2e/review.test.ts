import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  applyReviewed,
  newSession,
  openBrowser,
  pageFaults,
  type Session,
  type VisitOptions,
  type Visitor,
  visit,
} from "../support/browser";
import { readByPop3 } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";

// Nothing here hangs on the version of Dovecot.
describe("a change is reviewed before it is applied", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let accounts: { address: string; password: string }[];
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    accounts = await panel.accounts();
    session = await newSession(browser, panel.url);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });

  const open = async (path: string, options: VisitOptions = {}): Promise<Page> => {
    const visitor = await visit(browser, { session, ...options });
    visitors.push(visitor);
    await visitor.page.goto(`${panel.url}${path}`);
    return visitor.page;
  };
  const review = async (page: Page) => {
    await page.getByRole("button", { name: "Save and review" }).click();
    await page.waitForURL(/\/mailserver\/review\//);
  };
  const pop3Reads = async () =>
    await readByPop3({ port: panel.ports.pop3s, account: accounts[0]!, encryption: "tls" });
  const wanted = async (key: string) =>
    (JSON.parse((await panel.cli("mailserver", "get", key, "--json")).stdout) as { settings: object })
      .settings;

  it.each([true, false])(
    "shows sentences, files and consequences, and changes nothing until it is told to (JavaScript %s)",
    async (javaScript) => {
      const page = await open("/mailserver", { javaScript });
      await page.getByLabel("Idle Check Interval").fill("77");
      await page.getByRole("switch", { name: "POP3" }).click();
      await page.getByLabel("Reason").fill("ticket 4711");
      await review(page);
      const text = await page.locator("main").innerText();
      expect(text).toContain("Nothing is changed yet.");
      expect(text).toContain("Close POP3");
      expect(text).toContain("everybody who reads with it is shut out at once");
      expect(text).toMatch(/Idle Check Interval: 30 s\s*→\s*77 s/);
      expect(text).toContain(`POP3 on 127.0.0.1 port ${panel.ports.pop3}`);
      expect(text).toMatch(/open sessions? of the whole server would end six seconds later/);
      // 2.3 takes the whole list, 2.4 a switch of one.
      expect(text).toMatch(
        /-protocols = imap pop3 lmtp\s+\+protocols = imap lmtp|-\s+pop3 = yes\s+\+\s+pop3 = no/,
      );
      if (javaScript) expect(await pageFaults(page)).toEqual([]);
      expect(await pop3Reads()).toBeGreaterThan(2);
      await page.getByRole("button", { name: "Discard" }).click();
      await page.getByText(/^Discarded by/).waitFor();
      expect(await wanted("idle_check_s")).toEqual({ idle_check_s: 30 });
      expect(await pop3Reads()).toBeGreaterThan(2);
    },
  );

  it("shows its steps, and goes back by itself unless somebody confirms it, also with the browser gone", async () => {
    const page = await open("/mailserver");
    await page.getByRole("switch", { name: "POP3" }).click();
    await review(page);
    const address = page.url();
    await page.getByLabel("Seconds to confirm").fill("10");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("Does mail still work for you since revision").waitFor();
    await page
      .getByText(/^Going back: Dovecot would be reloaded\. \d+ open sessions? of the whole server/)
      .waitFor();
    await page.getByText("How it went, step by step").click();
    expect(await page.getByRole("log", { name: "Progress" }).innerText()).toMatch(
      /Making a copy[\s\S]*Checking the copy[\s\S]*Putting the files in place[\s\S]*Closing ports[\s\S]*is closed[\s\S]*Done/,
    );
    expect(await pageFaults(page)).toEqual([]);
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    await page.context().close();
    visitors = [];
    await expect.poll(pop3Reads, { timeout: 30_000, interval: 500 }).toBeGreaterThan(2);
    const later = await open(new URL(address).pathname);
    expect(await later.getByText("Saved as revision").count()).toBe(1);
    await later.goto(`${panel.url}/mailserver/history`);
    expect(await later.locator("tbody").innerText()).toMatch(
      /Nobody confirmed revision \d+ within 10 seconds/,
    );
  });

  it("keeps what somebody confirms, at the page or at a shell; and takes it back on request, reviewed", async () => {
    const page = await open("/mailserver");
    await page.getByRole("switch", { name: "POP3" }).click();
    await review(page);
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByRole("button", { name: "Mail works, keep it" }).click();
    await expect.poll(() => page.getByText("Does mail still work").count()).toBe(0);
    await page.getByRole("link", { name: /^Revision \d+$/ }).click();
    await page.getByRole("button", { name: "Review the undo" }).click();
    await page.waitForURL(/\/mailserver\/review\//);
    expect(await page.locator("main").innerText()).toContain("Open POP3");
    expect(await applyReviewed(page)).toContain("Open POP3");
    expect(await pop3Reads()).toBeGreaterThan(2);
    const set = await panel.cli("mailserver", "set", "idle_check_s=50", "--confirm-within", "60", "--json");
    expect(JSON.parse(set.stdout)).toMatchObject({ outcome: "applied", keepUntil: expect.any(String) });
    expect(set.stderr).toContain("Checking the copy");
    expect(await panel.cli("mailserver", "keep")).toMatchObject({ code: 0 });
    expect(await panel.cli("mailserver", "keep")).toMatchObject({ code: 3 });
  });

  it("is applied at a time, unless it is cancelled or something is frozen then (no JavaScript)", async () => {
    const page = await open("/mailserver", { javaScript: false });
    await page.getByLabel("Idle Check Interval").fill("66");
    await review(page);
    await page.getByLabel("Or apply at").fill("yesterday-ish");
    await page.getByRole("button", { name: "Apply at that time" }).click();
    expect(await page.getByLabel("Or apply at").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Or apply at").fill("+1h");
    await page.getByRole("button", { name: "Apply at that time" }).click();
    await page.getByText(/^It is applied by itself: /).waitFor();
    await page.getByRole("button", { name: "Cancel the timetable" }).click();
    await page.getByLabel("Or apply at").waitFor();

    expect(await panel.cli("mailserver", "freeze", "add", "+1h", "--reason", "migration")).toMatchObject({
      code: 0,
    });
    const refused = await panel.cli("mailserver", "set", "idle_check_s=44");
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining("nothing may reload Dovecot until"),
    ]);
    await page.reload();
    await page.getByText(/nothing may reload Dovecot until .*\(migration\)/).waitFor();
    expect(await panel.cli("mailserver", "freeze", "remove", "1")).toMatchObject({ code: 0 });

    await page.getByLabel("Or apply at").fill("+2s");
    await page.getByRole("button", { name: "Apply at that time" }).click();
    await expect
      .poll(() => wanted("idle_check_s"), { timeout: 30_000, interval: 500 })
      .toEqual({ idle_check_s: 66 });
    await expect
      .poll(async () => (await page.reload(), await page.locator("main").innerText()), { timeout: 15_000 })
      .toContain("Saved as revision");
  });

  it.each([true, false])(
    "has a timetable of what waits, and freeze windows, JavaScript %s",
    async (javaScript) => {
      const page = await open("/", { javaScript });
      const propose = async () => {
        await page.goto(`${panel.url}/mailserver`);
        await page.getByLabel("Idle Check Interval").fill(javaScript ? "91" : "92");
        await review(page);
      };
      // Two of the same: the other has no time.
      await propose();
      await propose();
      await page.getByLabel("Or apply at").fill("+3h");
      await page.getByRole("button", { name: "Apply at that time" }).click();
      await page.getByText(/^It is applied by itself: /).waitFor();

      await page.goto(`${panel.url}/mailserver/timetable`);
      const waiting = page.getByRole("region", { name: "Changes that wait" });
      expect(await waiting.innerText()).toMatch(/Is applied .*\s+Set Idle Check Interval/);
      if (javaScript) expect(await pageFaults(page)).toEqual([]);
      await waiting.getByRole("button", { name: "Cancel its time" }).first().click();
      await expect.poll(() => waiting.getByText("Waits for somebody’s decision").count()).toBe(2);
      for (const left of [1, 0]) {
        await waiting.getByRole("button", { name: "Discard" }).first().click();
        await expect.poll(() => waiting.getByText(/Idle Check Interval.*9[12]/).count()).toBe(left);
      }

      const freezes = page.getByRole("region", { name: "Freeze windows" });
      await freezes.getByLabel("Until").fill("soonish");
      await freezes.getByLabel("Reason").fill("migration");
      await freezes.getByRole("button", { name: "Freeze", exact: true }).click();
      await expect.poll(() => freezes.getByLabel("Until").getAttribute("aria-invalid")).toBe("true");
      expect(await freezes.getByLabel("Reason").inputValue()).toBe("migration");
      await freezes.getByLabel("Until").fill("+2h");
      await freezes.getByRole("button", { name: "Freeze", exact: true }).click();
      await freezes.getByText(/^Now, until /).waitFor();
      expect((await panel.cli("mailserver", "set", "idle_check_s=44")).stderr).toContain("migration");
      await freezes.getByRole("button", { name: "End it now" }).click();
      await freezes.getByText("None is set.").waitFor();
      expect(await panel.cli("mailserver", "freeze", "list")).toMatchObject({ code: 0, stdout: "None.\n" });
    },
  );

  it.each([
    { name: "wide, dark", options: { dark: true } },
    { name: "390 px, light", options: { narrow: true } },
  ])("has nothing for axe to find and nothing that scrolls sideways: $name", async ({ options }) => {
    const page = await open("/mailserver/history", options);
    for (const path of ["/mailserver/history", "/mailserver/history/2", "/mailserver/compare?from=1&to=2"]) {
      await page.goto(`${panel.url}${path}`);
      expect(await pageFaults(page)).toEqual([]);
    }
  });
});
