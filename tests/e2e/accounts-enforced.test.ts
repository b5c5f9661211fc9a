import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBrowser } from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3, withImap } from "../support/mail-clients";
import { operatorOf } from "../support/operator";
import { type RunningPanel, startPanel } from "../support/panel";

const DISABLED = /Login disabled for this user/;

/** Each test has mailboxes of its own: none has to put anything back. */
const SWITCHED = "ben@riverside.example";
const ENDED = "office@riverside.example";
const BESIDE = "support@riverside.example";
const SUSPENDED = "anna@riverside.example";
const DOMAIN = "harbour.example";
const RULED = "chloe@harbour.example";
const EXCEPTION = "dmitri@harbour.example";

describe.each(DOVECOTS)("what the accounts' pages set is what Dovecot $family does", (dovecot) => {
  let panel: RunningPanel;
  let browser: Browser;
  const passwords = new Map<string, string>();
  beforeAll(async () => {
    if (dovecot.missing) return;
    [panel, browser] = await Promise.all([startPanel({ family: dovecot.family }), openBrowser()]);
    for (const { address, password } of await panel.accounts()) passwords.set(address, password);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );

  const accountOf = (address: string) => ({ address, password: passwords.get(address) ?? "" });
  const pop3 = async (address: string) =>
    await readByPop3({ port: panel.ports.pop3s, account: accountOf(address), encryption: "tls" });
  const imap = async (address: string) =>
    await readByImap({ port: panel.ports.imap, account: accountOf(address), encryption: "starttls" });
  const main = async (page: Page) => await page.locator("main").innerText();
  const pageOf = (address: string) => `/accounts/${encodeURIComponent(address)}`;

  const switchAndUndo = async (javaScript: boolean) => {
    const page = await open("/accounts?q=ben", { javaScript });
    const row = page.getByRole("row").filter({ hasText: SWITCHED });
    await row.getByRole("button", { name: `Deny POP3 for ${SWITCHED}` }).click();
    await expect.poll(() => main(page)).toContain(`Dovecot was asked: it refuses POP3 for ${SWITCHED}.`);
    await expect(pop3(SWITCHED)).rejects.toThrow(DISABLED);
    expect((await imap(SWITCHED)).length).toBeGreaterThan(2);
    expect(await pop3(BESIDE)).toBeGreaterThan(2);
    await row.getByRole("link", { name: "POP3 denied: POP3 is denied for this account." }).waitFor();

    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => main(page)).toContain(`it lets ${SWITCHED} in by POP3.`);
    expect(await pop3(SWITCHED)).toBeGreaterThan(2);
    await row.getByRole("button", { name: `Deny POP3 for ${SWITCHED}` }).waitFor();
  };

  it("a switch in a row refuses one mailbox's POP3, and undo lets it in again, with JavaScript off", async () => {
    await switchAndUndo(false);
  });

  it("off now says how many sessions will end, ends them and no others, and tells each step", async () => {
    const login = { port: panel.ports.imaps, account: accountOf(ENDED), encryption: "tls" as const };
    await withImap(login, async (theirs) => {
      await withImap({ ...login, account: accountOf(BESIDE) }, async (other) => {
        const page = await open(pageOf(ENDED));
        const form = page.getByRole("form", { name: "IMAP off now" });
        await form.getByLabel("Reason").fill("stolen phone");
        await form.getByRole("button", { name: "Deny IMAP and end 1 session" }).click();
        await expect.poll(() => main(page)).toContain("1 open IMAP session was ended.");
        const text = await main(page);
        expect(text).toContain("IMAP is denied: the next login is refused.");
        expect(text).toContain("No cached answer can let anybody in");
        expect(text).toContain(`Dovecot was asked: it refuses IMAP for ${ENDED}.`);
        await expect.poll(() => theirs.usable).toBe(false);
        await other.noop();
        expect(await pop3(ENDED)).toBeGreaterThan(2);
      });
    });
  });

  // What follows doesn't hang on the version, so one is enough.
  if (dovecot !== DOVECOTS[0]) return;

  it("the switch does so with JavaScript as well", async () => {
    await switchAndUndo(true);
  });

  it("a suspension stands above every rule, and lifting it leaves everything as it was", async () => {
    const page = await open(pageOf(SUSPENDED));
    const rule = page.getByRole("form", { name: "Rule for POP3" });
    await rule.getByLabel("POP3 for").selectOption("allow");
    await rule.getByLabel("Reason").fill("asked for it");
    await rule.getByRole("button").click();
    await expect.poll(() => main(page)).toContain(`it lets ${SUSPENDED} in by POP3.`);
    const chain = page.getByRole("list", { name: "What decides for POP3" }).getByRole("listitem");
    const before = [
      expect.stringMatching(/Server: POP3 is on/),
      expect.stringMatching(/Domain\s+says nothing/),
      expect.stringMatching(/Account\s+decides\s+allowed\s.*asked for it/s),
      expect.stringMatching(/Suspension\s+says nothing/),
    ];
    expect(await chain.allInnerTexts()).toEqual(before);

    const form = page.getByRole("form", { name: `Suspend ${SUSPENDED}` });
    await form.getByLabel("Reason").fill("unpaid bill");
    await form.getByLabel("Ticket").fill("4711");
    await form.getByRole("button").click();
    await expect.poll(() => main(page)).toContain("This account is suspended (unpaid bill, ticket 4711).");
    expect((await chain.allInnerTexts())[3]).toMatch(/Suspension\s+decides\s+denied\s.*ticket 4711/s);
    await expect(pop3(SUSPENDED)).rejects.toThrow(DISABLED);
    await expect(imap(SUSPENDED)).rejects.toThrow();
    // A rule of its own would change nothing now, so no switch is offered.
    expect(await page.getByRole("button", { name: "Allow POP3", exact: true }).count()).toBe(0);

    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => main(page)).toContain("Not suspended.");
    expect(await pop3(SUSPENDED)).toBeGreaterThan(2);
    expect((await imap(SUSPENDED)).length).toBeGreaterThan(2);
    expect(await chain.allInnerTexts()).toEqual(before);
  });

  it("a rule ends by itself at its second, and the past is refused beside the field", async () => {
    const page = await open(pageOf(BESIDE));
    const form = page.getByRole("form", { name: "Rule for POP3" });
    await form.getByLabel("POP3 for").selectOption("deny");
    await form.getByLabel(/^Until/).fill("2020-01-01T18:00");
    await form.getByLabel("Reason").fill("for a moment");
    await form.getByRole("button").click();
    await expect.poll(() => form.innerText()).toContain('"2020-01-01T18:00" is in the past.');
    expect(await form.getByLabel("Reason").inputValue()).toBe("for a moment");
    expect(await form.getByLabel("POP3 for").inputValue()).toBe("deny");
    expect(await pop3(BESIDE)).toBeGreaterThan(2);

    // A field of date and time has no seconds unless its step says so; what is sent is read to the second.
    await form.getByLabel(/^Until/).evaluate((input: HTMLInputElement) => (input.step = "1"));
    const until = new Date(Date.now() + 8000);
    const local = await page.evaluate(
      ([at]) => new Date(at ?? 0).toLocaleString("sv-SE").replace(" ", "T"),
      [until.getTime()],
    );
    await form.getByLabel(/^Until/).fill(local);
    await form.getByRole("button").click();
    await expect.poll(() => main(page)).toMatch(/POP3 is denied for this account until .* \(for a moment\)/);
    await expect(pop3(BESIDE)).rejects.toThrow(DISABLED);
    await expect.poll(async () => await pop3(BESIDE).catch(() => 0)).toBeGreaterThan(2);
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime() - 1000);
    await expect.poll(async () => (await page.reload(), await main(page))).toContain("its end was reached");
  });

  it("a domain's default holds for its accounts but for the exception", async () => {
    const page = await open(pageOf(EXCEPTION));
    const rule = page.getByRole("form", { name: "Rule for POP3" });
    await rule.getByLabel("POP3 for").selectOption("allow");
    await rule.getByRole("button").click();
    await expect.poll(() => main(page)).toContain(`it lets ${EXCEPTION} in by POP3.`);
    await page.goto(`${panel.url}/domains`);
    await page.getByRole("button", { name: `Deny POP3 for ${DOMAIN}` }).click();
    await expect.poll(() => main(page)).toMatch(/Dovecot was asked about POP3 for 3 of the accounts/);
    await expect(pop3(RULED)).rejects.toThrow(DISABLED);
    expect(await pop3(EXCEPTION)).toBeGreaterThan(2);

    await page.goto(`${panel.url}/domains/${DOMAIN}`);
    const counts = async (label: string) =>
      await page.locator("dt", { hasText: label }).locator("xpath=following-sibling::dd").innerText();
    expect(await counts("Exceptions")).toMatch(/^1\b/);
    expect(await counts("POP3 allowed")).toMatch(/^1\b/);
    expect(await counts("POP3 denied")).toMatch(/^2\b/);
    await page.getByRole("row").filter({ hasText: EXCEPTION }).getByText("POP3 allowed").waitFor();
    await page.goto(panel.url + pageOf(RULED));
    expect(
      await page
        .getByRole("list", { name: "What decides for POP3" })
        .getByRole("listitem")
        .filter({ hasText: "decides" })
        .innerText(),
    ).toMatch(/Domain\s+decides\s+denied/);
  });
});
