import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  applyReviewed,
  newSession,
  openBrowser,
  pageFaults,
  type Session,
  type Visitor,
  visit,
} from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3 } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";

describe.each(DOVECOTS)("the Mailserver Configuration page on Dovecot $family", (dovecot) => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let accounts: { address: string; password: string }[];
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    if (dovecot.missing) return;
    [panel, browser] = await Promise.all([startPanel({ family: dovecot.family }), openBrowser()]);
    [accounts, session] = await Promise.all([panel.accounts(), newSession(browser, panel.url)]);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    // So that one failure doesn't make the next tests fail for its sake.
    context.onTestFailed(async () => {
      await panel.cli("mailserver", "set", "imap=on", "pop3=on");
    });
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });

  const open = async (options: Parameters<typeof visit>[1] = {}): Promise<Page> => {
    const visitor = await visit(browser, { session, ...options });
    visitors.push(visitor);
    await visitor.page.goto(`${panel.url}/mailserver`);
    return visitor.page;
  };
  const toggle = (page: Page, protocol: string) => page.getByRole("switch", { name: protocol });
  const saveButton = (page: Page) => page.getByRole("button", { name: "Save and review" });
  const imapReads = async () =>
    await readByImap({ port: panel.ports.imap, account: accounts[0]!, encryption: "starttls" });
  const pop3Reads = async () =>
    await readByPop3({ port: panel.ports.pop3s, account: accounts[0]!, encryption: "tls" });
  const backToSettings = async (page: Page) => await page.goto(`${panel.url}/mailserver`);
  const portLine = async (page: Page) =>
    await page.getByText(`127.0.0.1:${panel.ports.pop3}`).locator("xpath=ancestor::li").innerText();

  const closeThenOpen = async (page: Page, act: (protocol: string) => Promise<void>) => {
    expect(await pop3Reads()).toBeGreaterThan(2);
    await act("POP3");
    expect(await applyReviewed(page)).toMatch(
      /Saved as revision \d+: Close POP3\.\s+In force: revision \d+, without a reload/,
    );
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    expect((await imapReads()).length).toBeGreaterThan(2);
    await backToSettings(page);
    expect(await portLine(page)).toContain("closed");
    await act("POP3");
    expect(await applyReviewed(page)).toMatch(/Open POP3\.\s+In force: revision \d+, after one reload/);
    expect(await pop3Reads()).toBeGreaterThan(2);
    await backToSettings(page);
    expect(await portLine(page)).toMatch(/answers on this host in [\d.]+ ms/);
  };

  it("closes and opens POP3 by mouse, proved by real clients", async () => {
    const page = await open();
    await closeThenOpen(page, async (protocol) => {
      await toggle(page, protocol).click();
      await saveButton(page).click();
    });
  });

  // What follows doesn't hang on the version, so one is enough.
  if (dovecot !== DOVECOTS[0]) return;

  it("does so with JavaScript off", async () => {
    const page = await open({ javaScript: false });
    await closeThenOpen(page, async (protocol) => {
      await toggle(page, protocol).click();
      await saveButton(page).click();
    });
  });

  it("does so by keyboard alone", async () => {
    const page = await open();
    await closeThenOpen(page, async (protocol) => {
      const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      for (let presses = 0; (await focused()) !== protocol.toLowerCase(); presses++) {
        expect(presses).toBeLessThan(40);
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
      for (let presses = 0; (await focused()) !== "reason"; presses++) {
        expect(presses).toBeLessThan(10);
        await page.keyboard.press("Tab");
      }
      await page.keyboard.type("by keyboard");
      await page.keyboard.press("Enter");
    });
  });

  it("shows what the command line did, and the command line what the page did", async () => {
    const page = await open();
    expect(await panel.cli("mailserver", "set", "pop3=off", "--reason", "from a shell")).toMatchObject({
      code: 0,
    });
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    await expect
      .poll(async () => (await page.reload(), await page.locator("body").innerText()), { timeout: 15_000 })
      .toContain("from a shell");
    expect(await toggle(page, "POP3").isChecked()).toBe(false);
    await toggle(page, "POP3").click();
    await saveButton(page).click();
    expect(await applyReviewed(page)).toContain("Open POP3");
    expect(await panel.cli("verify")).toMatchObject({ code: 0 });
  });

  it("answers a form that is older than somebody else's save with both sides, with JavaScript off", async () => {
    const mine = await open({ javaScript: false });
    expect(await panel.cli("mailserver", "set", "pop3=off", "--reason", "theirs")).toMatchObject({
      code: 0,
    });
    await toggle(mine, "IMAP").click();
    await saveButton(mine).click();
    await expect
      .poll(() => mine.locator("main").innerText())
      .toMatch(/saved revision \d+ after you opened this page/);
    const text = await mine.locator("main").innerText();
    expect(text).toContain("Close POP3");
    expect(text).toContain("Close IMAP");
    expect(text).toContain("theirs");
    expect((await imapReads()).length).toBeGreaterThan(2);
    // What was chosen stays; saving again puts it on top of theirs.
    expect(await toggle(mine, "IMAP").isChecked()).toBe(false);
    await toggle(mine, "IMAP").click();
    await saveButton(mine).click();
    expect(await applyReviewed(mine)).toContain("Open POP3");
    await panel.cli("mailserver", "set", "pop3=on", "imap=on");
  });

  it("asks before nobody can read mail", async () => {
    const page = await open();
    await toggle(page, "IMAP").click();
    await toggle(page, "POP3").click();
    await saveButton(page).click();
    await page.getByLabel("Close both").waitFor();
    expect((await imapReads()).length).toBeGreaterThan(2);
    expect(await toggle(page, "IMAP").isChecked()).toBe(false);
    await page.getByLabel("Close both").check();
    await saveButton(page).click();
    expect(await applyReviewed(page)).toContain("Close IMAP, Close POP3");
    await expect(imapReads()).rejects.toThrow();
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    expect(await panel.cli("mailserver", "set", "imap=on", "pop3=on")).toMatchObject({ code: 0 });
    expect((await imapReads()).length).toBeGreaterThan(2);
  });

  it.each([
    { name: "wide, light", options: {} },
    { name: "390 px, dark", options: { narrow: true, dark: true } },
  ])("has nothing for axe to find and nothing that scrolls sideways: $name", async ({ options }) => {
    const page = await open(options);
    for (const path of ["/mailserver", ...(panel.isPrivate ? ["/sandbox"] : [])]) {
      await page.goto(`${panel.url}${path}`);
      expect(await pageFaults(page)).toEqual([]);
    }
    await page.context().clearCookies();
    await page.goto(`${panel.url}/sign-in`);
    expect(await pageFaults(page)).toEqual([]);
  });
});
