import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openBrowser, pageFaults } from "../support/browser";
import { withImap } from "../support/mail-clients";
import { operatorOf } from "../support/operator";
import { type RunningPanel, startPanel } from "../support/panel";
import { wireLogin } from "../support/wire-login";

const COLLECTED_MS = 20_000;

describe("who uses what", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let accounts: { address: string; password: string }[];
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    accounts = await panel.accounts();
    // The first uses both, the second POP3 alone and without TLS, the third IMAP.
    await panel.cli(
      "mailserver",
      "set",
      "plaintext_auth=on",
      // An adopted server logs as it did until somebody wants to know more.
      "log_sign_in_security=on",
      "--accept-warnings",
    );
    await signIn(0, "imap", "tls");
    await signIn(0, "pop3", "starttls");
    await signIn(1, "pop3", "none");
    await signIn(2, "imap", "tls");
    await vi.waitFor(async () => expect(await used("--pop3-used", "1")).toHaveLength(2), {
      timeout: COLLECTED_MS,
      interval: 500,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );
  const address = (index: number) => accounts[index]!.address;
  const signIn = async (
    index: number,
    protocol: "imap" | "pop3",
    encryption: "none" | "starttls" | "tls",
  ) => {
    const port = panel.ports[encryption === "tls" ? (`${protocol}s` as const) : protocol];
    const { address: user, password } = accounts[index]!;
    const login = {
      protocol,
      port,
      encryption,
      mechanism: "PLAIN",
      user,
      password,
      from: "127.0.0.9",
    } as const;
    expect(await wireLogin(login)).toMatchObject({ answer: "ok" });
  };
  const used = async (...filters: string[]) => {
    const { stdout } = await panel.cli("accounts", "list", ...filters, "--json");
    return (JSON.parse(stdout) as { address: string }[]).map((account) => account.address).toSorted();
  };

  it("is told by list, filters and views, and what isn't known is said", async () => {
    const page = await open("/accounts");
    const row = page.getByRole("row").filter({ hasText: address(1) });
    await expect.poll(async () => await row.innerText()).toMatch(/(just now|\d+ (s|min) ago)\s+no TLS/);
    expect(await pageFaults(page)).toEqual([]);
    // However long ago that was, the page isn't pushed sideways.
    await page.getByRole("table").evaluate((table) => {
      for (const time of table.querySelectorAll("time")) time.textContent = "59 min ago";
    });
    expect(await pageFaults(page)).toEqual([]);
    await page.getByRole("navigation", { name: "Views" }).getByText("Only POP3 in use").click();
    await page.waitForURL(/only=pop3/);
    await page.getByText("uses nothing but POP3").waitFor();
    await page.getByText(/Sign-ins are known since .* only/).waitFor();
    expect(await page.getByRole("table").locator("tbody tr").count()).toBe(1);
    await page.getByRole("table").getByText(address(1)).waitFor();
    await page.goto(`${panel.url}/accounts?pop3=allow&pop3-unused=180`);
    await page.getByText("POP3 not used for 180 days").waitFor();
    const unused = accounts
      .map((account) => account.address)
      .filter((one) => one !== address(0) && one !== address(1));
    expect(await page.getByRole("table").locator("tbody tr").count()).toBe(unused.length);
    expect(await used("--pop3", "allow", "--pop3-unused", "180")).toEqual(unused.toSorted());
    expect(await used("--cleartext")).toEqual([address(1)]);
    expect(await used("--security", "starttls")).toEqual([address(0)]);
    expect((await panel.cli("accounts", "list", "--only", "smtp")).code).toBe(2);
  });

  it("leads from a review to switching many off, with whom it meets", async () => {
    const page = await open("/accounts?cleartext=30");
    await page
      .getByRole("link", { name: /all .*match/i })
      .or(page.getByRole("button", { name: /all .*match/i }))
      .first()
      .click();
    await page.waitForURL(/\/accounts\/bulk/);
    await page.getByText("Deny POP3 for 1 account").first().waitFor();
    expect(await page.getByRole("region", { name: "Preview" }).innerText()).toMatch(
      /1 used it within 30 days, and 1 uses nothing else/,
    );
    const dry = await panel.cli(
      "accounts",
      "set",
      "--all-matching",
      "--pop3-used",
      "30",
      "pop3=deny",
      "--dry-run",
      "--json",
    );
    expect(JSON.parse(dry.stdout)).toMatchObject({ preview: { accounts: 2, used: 2, only: 1 } });
  });

  it("stands beside every switch that closes something: server, domain, account, TLS", async () => {
    const login = { port: panel.ports.imap, account: accounts[2]!, encryption: "none" as const };
    await withImap(login, async () => {
      const plan = JSON.parse(
        (await panel.cli("mailserver", "set", "imap=off", "--dry-run", "--json")).stdout,
      );
      expect(plan.impacts).toEqual([
        expect.objectContaining({
          what: "IMAP",
          days: 30,
          used: 2,
          only: 1,
          connected: { sessions: 1, accounts: 1 },
        }),
      ]);
    });
    const page = await open("/mailserver");
    await page.getByRole("switch", { name: /^POP3/ }).first().uncheck();
    await page
      .getByRole("button", { name: /Review|Save/ })
      .first()
      .click();
    await page.waitForURL(/\/mailserver\/review\//);
    await page.getByText("2 accounts used POP3 within 30 days.").waitFor();
    await page.getByText("1 of them uses nothing else: who would call.").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.getByRole("link", { name: "Who uses nothing else", exact: true }).click();
    await page.waitForURL(/\/accounts\?only=pop3/);

    const domain = address(1).split("@")[1]!;
    await page.goto(`${panel.url}/domains/${domain}`);
    await page
      .getByRole("region", { name: /^POP3/ })
      .getByText(/used POP3 within 30 days/)
      .waitFor();
    const csv = await page.request.get(
      `${panel.url}${await page.getByRole("link", { name: "Who used it as CSV" }).last().getAttribute("href")}`,
    );
    expect(await csv.text()).toContain(address(1));
    await page.goto(`${panel.url}/accounts/${encodeURIComponent(address(1))}`);
    await page
      .getByRole("region", { name: /^POP3/ })
      .getByText("It used POP3 within 30 days, and nothing else: its owner would call.")
      .waitFor();
    const use = page.getByRole("region", { name: "Use" });
    expect(await use.innerText()).toMatch(
      /POP3[\s\S]*without TLS[\s\S]*1 time within 30 days, of which 1 without TLS/,
    );
    expect(await use.innerText()).toContain("127.0.0.9");
    expect(await pageFaults(page)).toEqual([]);
    const one = await panel.cli("accounts", "set", address(1), "pop3=deny", "--dry-run", "--json");
    expect(JSON.parse(one.stdout).impacts).toEqual([expect.objectContaining({ used: 1, only: 1 })]);
    const tls = await panel.cli(
      "mailserver",
      "set",
      "tls_min_protocol=TLSv1.3",
      "plaintext_auth=off",
      "--dry-run",
      "--json",
    );
    expect(JSON.parse(tls.stdout).impacts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: "sign-ins without TLS", used: 1 }),
        expect.objectContaining({ what: "TLS older than TLS 1.3", used: 0, unknown: 0 }),
      ]),
    );
  });

  it("is drawn on Home, with a table behind it, and by session", async () => {
    const page = await open("/");
    const chart = page.getByRole("figure", { name: "Sign-ins an hour" });
    await chart.getByText("As a table").click();
    const values = await chart.getByRole("cell").allInnerTexts();
    expect(values.map(Number).reduce((sum, value) => sum + (value || 0), 0)).toBe(5);
    expect(await pageFaults(page)).toEqual([]);
    await page.getByRole("link", { name: "Last month" }).click();
    await page.waitForURL(/span=month/);
    await page.getByRole("figure", { name: "Sign-ins a day" }).waitFor();
    const login = { port: panel.ports.imaps, account: accounts[3]!, encryption: "tls" as const };
    await withImap(login, async () => {
      const sessions = async () =>
        JSON.parse((await panel.cli("sessions", "list", "--security", "tls", "--json")).stdout) as unknown[];
      await expect
        .poll(sessions, { timeout: COLLECTED_MS })
        .toEqual([expect.objectContaining({ username: address(3), security: "tls", tlsVersion: "TLSv1.3" })]);
      await page.goto(`${panel.url}/sessions?security=tls`);
      await page
        .getByRole("row")
        .filter({ hasText: address(3) })
        .getByText("TLS, TLS 1.3")
        .waitFor();
      expect(await pageFaults(page)).toEqual([]);
    });
  });

  it("helps to choose, with this server's own numbers and what a move would cost", async () => {
    const page = await open("/mailserver");
    await page
      .getByRole("link", { name: /^IMAP or POP3/ })
      .first()
      .click();
    await page.waitForURL(/\/guide$/);
    const numbers = page.getByRole("region", { name: "This server" });
    await numbers.getByText(/free of/).waitFor();
    expect(await numbers.innerText()).toMatch(/nothing but POP3 within 30 days\s+1\b/);
    await expect
      .poll(async () => (await page.reload(), await numbers.getByRole("table").count()), { timeout: 30_000 })
      .toBeGreaterThan(0);
    expect(await numbers.getByRole("table").first().innerText()).toMatch(/@[\s\S]*(bytes|kB|MB)/);
    expect(await pageFaults(page)).toEqual([]);
    const move = page.getByRole("region", { name: "What a move would cost" });
    await move.getByLabel("Accounts").fill("many");
    await move.getByRole("button", { name: "Work it out" }).click();
    await move.getByText(/accounts = "many" can't be used/).waitFor();
    expect(await move.getByLabel("Accounts").inputValue()).toBe("many");
    await move.getByLabel("Accounts").fill("400");
    await move.getByLabel("Mail of one, in MB").fill("2500");
    await move.getByLabel("Growth a month, in MB").fill("50");
    await move.getByRole("button", { name: "Work it out" }).click();
    await move.getByText("1.0 TB more on the disk, when 400 accounts keep as much as others do.").waitFor();
    await move.getByText("20.0 GB more a month.").waitFor();
    expect(page.url()).toMatch(/accounts=400&mb=2500&grow=50/);
    await move.getByLabel("Move", { exact: true }).selectOption("to-pop3");
    await move.getByRole("button", { name: "Work it out" }).click();
    await move.getByText(/would go off the disk/).waitFor();
    await page.getByRole("link", { name: "Compress new mail" }).click();
    await page.waitForURL(/mailserver#row-compress/);
    const narrow = await open("/guide", { narrow: true, dark: true });
    await narrow.getByText(/free of/).waitFor();
    expect(await pageFaults(narrow)).toEqual([]);
  });

  it("keeps no address where none is to be kept, as the panel's settings say", async () => {
    const page = await open("/settings/use");
    await page.getByLabel("Keep client addresses for").fill("many");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Enter a whole number of days").waitFor();
    expect(await page.getByLabel("Keep client addresses for").inputValue()).toBe("many");
    await page.getByLabel("Keep client addresses for").fill("0");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect(JSON.parse((await panel.cli("panel", "list", "--json")).stdout)).toMatchObject({
      "use.addressDays": "0",
    });
    expect(await pageFaults(page)).toEqual([]);
  });
});
