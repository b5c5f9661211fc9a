import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBrowser } from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3, withImap } from "../support/mail-clients";
import { operatorOf } from "../support/operator";
import { type RunningPanel, startPanel } from "../support/panel";

const ADDRESS = "ben@riverside.example";
const EXCEPTION = "anna@riverside.example";
const DISABLED = /Login disabled for this user/;

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
  const pop3 = async (address = ADDRESS) =>
    await readByPop3({ port: panel.ports.pop3s, account: accountOf(address), encryption: "tls" });
  const imap = async (address = ADDRESS) =>
    await readByImap({ port: panel.ports.imap, account: accountOf(address), encryption: "starttls" });
  const row = (page: Page, address = ADDRESS) => page.getByRole("row").filter({ hasText: address });
  const main = async (page: Page) => await page.locator("main").innerText();
  const rule = (page: Page, protocol: string) => page.getByRole("form", { name: `Rule for ${protocol}` });
  const facts = async () =>
    JSON.parse((await panel.cli("accounts", "show", ADDRESS, "--json")).stdout) as Record<string, unknown>;

  it.each([true, false])(
    "a switch in a row refuses one mailbox's POP3, and undo lets it in again (JavaScript %s)",
    async (javaScript) => {
      expect(await pop3()).toBeGreaterThan(2);
      const page = await open("/accounts", { javaScript });
      await row(page)
        .getByRole("button", { name: `Deny POP3 for ${ADDRESS}` })
        .click();
      await expect.poll(() => main(page)).toContain(`Dovecot was asked: it refuses POP3 for ${ADDRESS}.`);
      await expect(pop3()).rejects.toThrow(DISABLED);
      expect((await imap()).length).toBeGreaterThan(2);
      expect(await pop3(EXCEPTION)).toBeGreaterThan(2);
      await row(page).getByRole("link", { name: "POP3 denied: POP3 is denied for this account." }).waitFor();

      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => main(page)).toContain(`it lets ${ADDRESS} in by POP3.`);
      expect(await pop3()).toBeGreaterThan(2);
      await row(page)
        .getByRole("button", { name: `Deny POP3 for ${ADDRESS}` })
        .waitFor();
    },
  );

  it.each([true, false])(
    "a suspension stands above every rule, and lifting it leaves everything as it was (JavaScript %s)",
    async (javaScript) => {
      await panel.cli("accounts", "set", ADDRESS, "pop3=allow", "--reason", "asked for it");
      const { proof: _, ...before } = (await facts()) as { proof?: unknown };
      const page = await open(`/accounts/${encodeURIComponent(ADDRESS)}`, { javaScript });
      const form = page.getByRole("form", { name: `Suspend ${ADDRESS}` });
      await form.getByLabel("Reason").fill("unpaid bill");
      await form.getByLabel("Ticket").fill("4711");
      await form.getByRole("button").click();
      await expect.poll(() => main(page)).toContain("This account is suspended (unpaid bill, ticket 4711).");
      await expect(pop3()).rejects.toThrow(DISABLED);
      await expect(imap()).rejects.toThrow();
      // A rule of its own would change nothing now, so no switch is offered.
      expect(await page.getByRole("button", { name: "Allow POP3", exact: true }).count()).toBe(0);

      await page.getByRole("button", { name: "Resume" }).click();
      await expect.poll(() => main(page)).toContain("Not suspended.");
      expect(await pop3()).toBeGreaterThan(2);
      expect((await imap()).length).toBeGreaterThan(2);
      const after = (await facts()) as { pop3: { because: string; override: string } };
      expect(after.pop3).toMatchObject({ override: "allow", because: (before as typeof after).pop3.because });
      await panel.cli("accounts", "set", ADDRESS, "pop3=inherit");
    },
  );

  it("a rule ends by itself at its second, and the past is refused beside the field", async () => {
    const page = await open(`/accounts/${encodeURIComponent(ADDRESS)}`);
    const form = rule(page, "POP3");
    await form.getByLabel("POP3 for").selectOption("deny");
    await form.getByLabel(/^Until/).fill("2020-01-01T18:00");
    await form.getByLabel("Reason").fill("for a moment");
    await form.getByRole("button").click();
    await expect.poll(() => form.innerText()).toContain('"2020-01-01T18:00" is in the past.');
    expect(await form.getByLabel("Reason").inputValue()).toBe("for a moment");
    expect(await form.getByLabel("POP3 for").inputValue()).toBe("deny");
    expect(await pop3()).toBeGreaterThan(2);

    // A field of date and time has no seconds unless its step says so; what is sent is read to the second.
    await form.getByLabel(/^Until/).evaluate((input: HTMLInputElement) => (input.step = "1"));
    const until = new Date(Date.now() + 6000);
    const local = await page.evaluate(
      ([at]) => new Date(at ?? 0).toLocaleString("sv-SE").replace(" ", "T"),
      [until.getTime()],
    );
    await form.getByLabel(/^Until/).fill(local);
    await form.getByRole("button").click();
    await expect.poll(() => main(page)).toMatch(/POP3 is denied for this account until .* \(for a moment\)/);
    await expect(pop3()).rejects.toThrow(DISABLED);
    await expect.poll(async () => await pop3().catch(() => 0), { timeout: 15_000 }).toBeGreaterThan(2);
    await expect
      .poll(async () => (await page.reload(), await main(page)), { timeout: 15_000 })
      .toContain("its end was reached");
  });

  it("a domain's default holds for its accounts but for the exception", async () => {
    const page = await open("/domains");
    await panel.cli("accounts", "set", EXCEPTION, "pop3=allow");
    await page.getByRole("button", { name: "Deny POP3 for riverside.example" }).click();
    await expect.poll(() => main(page)).toMatch(/Dovecot was asked about POP3 for 4 of the accounts/);
    await expect(pop3()).rejects.toThrow(DISABLED);
    expect(await pop3(EXCEPTION)).toBeGreaterThan(2);
    await page.goto(`${panel.url}/domains/riverside.example`);
    const counts = await page.locator("dl").innerText();
    expect(counts.replace(/\s+/g, " ")).toMatch(
      /Exceptions: with a rule of their own 1 .*POP3 allowed 1 POP3 denied 3/s,
    );
    await page.getByRole("cell", { name: "POP3 allowed" }).waitFor();
    await page.goto(`${panel.url}/accounts/${encodeURIComponent(ADDRESS)}`);
    const chain = page.getByRole("list", { name: "What decides for POP3" });
    expect(await chain.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/Server: POP3 is on/),
      expect.stringMatching(/Domain\s+decides\s+denied/),
      expect.stringMatching(/Account\s+says nothing/),
      expect.stringMatching(/Suspension\s+says nothing/),
    ]);
    await panel.cli("domains", "set", "riverside.example", "pop3=inherit");
    await panel.cli("accounts", "set", EXCEPTION, "pop3=inherit");
    expect(await pop3()).toBeGreaterThan(2);
  });

  it("off now says how many sessions will end, ends them and no others, and tells each step", async () => {
    const login = { port: panel.ports.imaps, account: accountOf(ADDRESS), encryption: "tls" as const };
    await withImap(login, async (theirs) => {
      await withImap({ ...login, account: accountOf(EXCEPTION) }, async (other) => {
        const page = await open(`/accounts/${encodeURIComponent(ADDRESS)}`);
        const form = page.getByRole("form", { name: "IMAP off now" });
        await form.getByLabel("Reason").fill("stolen phone");
        await form.getByRole("button", { name: "Deny IMAP and end 1 session" }).click();
        await expect.poll(() => main(page)).toContain("1 open IMAP session was ended.");
        const text = await main(page);
        expect(text).toContain("IMAP is denied: the next login is refused.");
        expect(text).toContain("No cached answer can let anybody in");
        expect(text).toContain(`Dovecot was asked: it refuses IMAP for ${ADDRESS}.`);
        await expect.poll(() => theirs.usable).toBe(false);
        await other.noop();
        expect(await pop3()).toBeGreaterThan(2);
      });
    });
    await panel.cli("accounts", "set", ADDRESS, "imap=inherit");
  });
});
