import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, pageFaults } from "../support/browser";
import { operatorOf } from "../support/operator";
import { type RunningPanel, startPanel } from "../support/panel";

/** So many that an act upon all of them can be seen at work, and stopped in its middle. */
const MANY = 50_000;
const FEW = 30;

/** What these pages show and do; that Dovecot does what they say is tried in accounts-enforced.test.ts. */
describe("the accounts' pages", () => {
  let panel: RunningPanel;
  let browser: Browser;
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    const list = join(panel.home, "accounts.csv");
    const sample = (await panel.accounts()).map(({ address }) => address);
    const few = Array.from({ length: FEW }, (_, at) => `box-${100 + at}@few.example`);
    const many = Array.from({ length: MANY }, (_, at) => `box-${at}@many.example`);
    writeFileSync(list, ["address", ...sample, ...few, ...many, "import"].join("\n"));
    await panel.cli("accounts", "sync", "--from", list);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );

  const main = async (page: Page) => await page.locator("main").innerText();
  const addresses = async (page: Page) => {
    // Without JavaScript a click comes back with the page's first rows.
    await page.waitForLoadState();
    return await page.locator("#accounts tbody th a").allInnerTexts();
  };
  const search = (page: Page) => new URL(page.url()).search;
  /** What the list's own export says, with the session of the page. */
  const exported = async (page: Page, query: string) =>
    (await (await page.request.get(`${panel.url}/accounts/export?format=json&${query}`)).json()) as {
      address: string;
      pop3: { effective: string; override: string; because: string };
    }[];

  it("the list is searched, filtered, sorted and paged by its address alone, with JavaScript off", async () => {
    const page = await open("/accounts", { javaScript: false });
    await page.getByLabel("Search").fill("-12");
    await page.locator("summary", { hasText: "Filters" }).click();
    await page.getByRole("textbox", { name: "Domain" }).fill("few.example");
    await page.getByRole("button", { name: "Search" }).click();
    expect(search(page)).toBe("?q=-12&domain=few.example");
    expect(await addresses(page)).toEqual(
      Array.from({ length: 10 }, (_, at) => `box-${120 + at}@few.example`),
    );
    expect(await main(page)).toContain("10 of 10 accounts");
    await page.getByRole("link", { name: "Address", exact: true }).click();
    await page.getByRole("link", { name: "Address", exact: true }).click();
    expect(search(page)).toContain("sort=-address");
    expect((await addresses(page))[0]).toBe("box-129@few.example");

    await page.goto(`${panel.url}/accounts?domain=few.example&limit=20`);
    const first = await addresses(page);
    await page.getByRole("link", { name: "Next" }).first().click();
    expect(search(page)).toContain("after=");
    const second = await addresses(page);
    expect([...first, ...second]).toEqual(
      Array.from({ length: FEW }, (_, at) => `box-${100 + at}@few.example`),
    );
    await page.getByRole("link", { name: "Previous" }).first().click();
    expect(await addresses(page)).toEqual(first);

    // What isn't counted in time is counted when it is asked for.
    await page.goto(`${panel.url}/accounts?q=box-1`);
    const count = page.getByRole("link", { name: "count them" });
    if ((await count.count()) > 0) await count.click();
    expect(await main(page)).toContain("50 of 10,000+ accounts");

    await page.goto(`${panel.url}/accounts?q=nobody-has-this`);
    expect(await main(page)).toContain("No account matches. Show all accounts.");
    await page.goto(`${panel.url}/accounts?pop3=maybe`);
    expect(await main(page)).toContain("Nothing is listed, because a filter can't be used.");
    expect(await page.getByRole("combobox", { name: "POP3", exact: true }).getAttribute("aria-invalid")).toBe(
      "true",
    );
  });

  it("columns and saved views are kept, with JavaScript off", async () => {
    const page = await open("/accounts?domain=few.example&sort=-address", { javaScript: false });
    await page.locator("summary", { hasText: "Save or remove" }).click();
    await page.getByLabel("Save this list as").fill("The few");
    await page.getByRole("button", { name: "Save view" }).click();
    await page.locator("summary", { hasText: "Columns" }).click();
    await page.getByLabel("Proof").last().uncheck();
    await page.getByRole("button", { name: "Show these" }).click();
    expect(await page.getByRole("columnheader", { name: "Proof" }).count()).toBe(0);
    await page.goto(`${panel.url}/accounts`);
    expect(await page.getByRole("columnheader", { name: "Proof" }).count()).toBe(0);
    await page.getByRole("link", { name: "The few" }).click();
    expect(search(page)).toBe("?domain=few.example&sort=-address");
    await page.locator("summary", { hasText: "Save or remove" }).click();
    await page.getByRole("button", { name: "Remove the view The few" }).click();
    expect(await page.getByRole("link", { name: "The few" }).count()).toBe(0);
  });

  it("keys move, select, search and open; what is selected is previewed, done as one change, and taken back", async () => {
    const page = await open("/accounts?domain=few.example");
    await page.getByRole("button", { name: "Select the page" }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    // The page listens to keys a moment after it is there.
    await expect
      .poll(async () => {
        await page.keyboard.press("k");
        return await focused();
      })
      .toBe("box-100@few.example");
    for (const [key, row] of [
      ["j", 101],
      ["j", 102],
      ["k", 101],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused()).toBe(`box-${row}@few.example`);
    }
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");

    await page.getByRole("button", { name: "Preview selected" }).click();
    await page.waitForURL(/\/accounts\/bulk\?/);
    expect(await main(page)).toMatch(/2 selected by hand.*2 change\s+0 are so already/s);
    await page.getByRole("form", { name: "Do it" }).getByLabel("Reason").fill("by keyboard");
    await page.getByRole("button", { name: "Deny POP3 for 2 accounts" }).click();
    await page.waitForURL(/\/jobs\//);
    const job = page.url();
    await expect.poll(() => main(page)).toMatch(/Done\s+2 of 2 accounts/);
    const denied = await exported(page, "domain=few.example&pop3=deny");
    expect(denied.map(({ address }) => address)).toEqual(["box-101@few.example", "box-102@few.example"]);
    expect(denied[0]?.pop3.because).toContain("by keyboard");

    // The same again for all: those two are so already.
    await page.goto(`${panel.url}/accounts/bulk?domain=few.example&all=yes&act=deny-pop3`);
    expect(await main(page)).toMatch(/28 change\s+2 are so already/);

    await page.goto(
      `${panel.url}/accounts/bulk?domain=few.example&all=yes&act=deny-pop3&until=2020-01-01T10:00`,
    );
    expect(await main(page)).toContain('"2020-01-01T10:00" is in the past.');
    expect(await page.getByRole("form", { name: "Do it" }).count()).toBe(0);

    await page.goto(job);
    await page.getByRole("link", { name: /^Change \d+$/ }).click();
    await page.getByRole("heading", { name: "2 rules" }).waitFor();
    await page.getByRole("button", { name: "Take this change back" }).click();
    await expect.poll(() => main(page)).toMatch(/It was taken back by change \d+/);
    expect(await exported(page, "domain=few.example&pop3=deny")).toEqual([]);
  });

  it("a change of very many shows how far it is, stops when it is told, goes on and ends", async () => {
    const page = await open("/accounts/bulk?domain=many.example&all=yes&act=deny-pop3", {
      javaScript: false,
    });
    await page.getByRole("button", { name: "Do it to all that match" }).click();
    expect(await page.locator("main").innerText()).toContain(`of ${MANY.toLocaleString("en")} accounts`);
    await page.getByRole("button", { name: "Cancel it; what is done stays" }).click();
    await expect.poll(async () => (await page.reload(), await main(page))).toContain("Cancelled");
    const done = Number((await page.locator("progress").getAttribute("value")) ?? Number.NaN);
    expect(done).toBeLessThan(MANY);

    // From here on with a page that looks by itself.
    const live = await open(new URL(page.url()).pathname);
    await live.getByRole("button", { name: "Go on from where it stopped" }).click();
    await expect.poll(() => main(live), { timeout: 150_000 }).toMatch(/Done\s+50,000 of 50,000 accounts/);
    await live.goto(`${panel.url}/domains/many.example`);
    await live
      .locator("dt", { hasText: "POP3 denied" })
      .locator("xpath=following-sibling::dd")
      .getByText("50,000")
      .waitFor();
  }, 240_000);

  it("exports what the filter shows, whole, as CSV too", async () => {
    const page = await open("/accounts?domain=few.example&q=-11&sort=-address");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^accounts-\d{4}-\d\d-\d\d\.csv$/);
    const response = await page.request.get(`${panel.url}/accounts/export${search(page)}&format=csv`);
    const [head, ...lines] = (await response.text()).trimEnd().split("\n");
    expect(head).toMatch(/^\uFEFFaddress,domain,imap,/);
    expect(lines.map((line) => line.split(",")[0])).toEqual(await addresses(page));
    expect((await exported(page, "domain=many.example")).length).toBe(MANY);
    expect((await page.request.get(`${panel.url}/accounts/export?format=json&pop3=maybe`)).status()).toBe(
      400,
    );
  });

  it("a file with bad lines names each by its number and changes nothing; a good one is checked, then imported", async () => {
    const file = (text: string) => ({ name: "rules.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    const page = await open("/accounts/import", { javaScript: false });
    const check = async (text: string) => {
      await page.getByLabel("File (CSV or JSON)").setInputFiles(file(text));
      await page.getByRole("button", { name: "Check the file" }).click();
    };
    await check(
      "address,pop3,until\nbox-100@few.example,deny,\nbox-101@few.example,perhaps,\nbox-102@few.example,deny,2020-01-01\n",
    );
    const bad = await page.getByRole("list", { name: "Bad lines" }).getByRole("listitem").allInnerTexts();
    expect(bad).toEqual([
      expect.stringMatching(/^Line 3: .*perhaps/),
      expect.stringMatching(/^Line 4: .*past/),
    ]);
    expect(await page.getByRole("button", { name: /^Import/ }).count()).toBe(0);
    expect(await exported(page, "domain=few.example&pop3=deny")).toEqual([]);

    await check(
      "address,pop3,reason\nbox-100@few.example,deny,\nbox-101@few.example,inherit,\nnew@few.example,deny,own words\n",
    );
    expect(await main(page)).toMatch(
      /3 lines, none of them bad\..*2 lines change something, 1 is so already.*new@few\.example/s,
    );
    expect(await exported(page, "domain=few.example&pop3=deny")).toEqual([]);
    await page.getByLabel("Reason").fill("from a file");
    await page.getByRole("button", { name: "Import 2 changes" }).click();
    expect(await main(page)).toMatch(/Done\s+3 of 3 lines/);
    const [denied] = await exported(page, "domain=few.example&pop3=deny");
    expect(denied).toMatchObject({ address: "box-100@few.example", pop3: { override: "deny" } });
    expect(denied?.pop3.because).toContain("from a file");
  });

  it("who changes what somebody else has changed meanwhile is shown both sides, and changes nothing", async () => {
    const path = `/accounts/${encodeURIComponent("box-110@few.example")}`;
    const [mine, theirs] = [await open(path, { javaScript: false }), await open(path, { javaScript: false })];
    await theirs.getByRole("button", { name: "Deny IMAP", exact: true }).click();
    expect(await main(theirs)).toContain("IMAP is denied for this account.");
    await mine.getByRole("form", { name: "Rule for IMAP" }).getByLabel("IMAP for").selectOption("allow");
    await mine.getByRole("button", { name: "Save the rule for IMAP" }).click();
    expect(await main(mine)).toMatch(
      /Somebody changed this after you opened the page.*Theirs.*denied, by anna@panel/s,
    );
    expect((await exported(mine, "domain=few.example&imap=deny")).length).toBe(1);
  });

  it("lists the server's accounts anew when asked: those it doesn't name are kept, and marked", async () => {
    const page = await open("/accounts");
    await page.getByRole("button", { name: "List now" }).click();
    await page.waitForURL(/\/jobs\//);
    await expect.poll(() => main(page)).toMatch(/Done\s+7 of 7 accounts/);
    await page.goto(`${panel.url}/accounts?vanished=yes&domain=few.example`);
    expect((await addresses(page)).length).toBe(FEW);
    await page.goto(`${panel.url}/accounts/import@`);
    expect(await main(page)).toContain("The last listing of the server doesn't name this account any more.");
  });

  it("every page is accessible, in light and dark, and 390 pixels are enough", async () => {
    const { stdout } = await panel.cli(
      "accounts",
      "suspend",
      "ben@riverside.example",
      "--reason",
      "x".repeat(80),
    );
    expect(stdout).toContain("suspended");
    const narrow = await open("/accounts", { narrow: true });
    const dark = await open("/accounts", { dark: true });
    const job =
      (await (await narrow.request.get(`${panel.url}/jobs`)).text()).match(/\/jobs\/[\w-]+/)?.[0] ?? "";
    for (const path of [
      "/accounts",
      "/accounts?pop3=maybe",
      `/accounts/${encodeURIComponent("ben@riverside.example")}`,
      "/accounts/bulk?domain=few.example&all=yes&act=suspend-all",
      "/accounts/import",
      "/domains",
      "/domains/riverside.example",
      "/domains/*",
      "/jobs",
      job,
      "/changes/1",
    ]) {
      for (const page of [narrow, dark]) {
        await page.goto(panel.url + path);
        expect(await pageFaults(page), path).toEqual([]);
      }
    }
  });

  it("what doesn't exist is said to be missing", async () => {
    const page = await open("/accounts", { javaScript: false });
    for (const path of [
      "/changes/999999",
      "/changes/x",
      "/jobs/nope",
      "/accounts/%E0%A4%A",
      "/domains/a..b%00",
    ]) {
      const response = await page.request.get(panel.url + path);
      expect([400, 404], path).toContain(response.status());
    }
    await page.goto(`${panel.url}/accounts/nobody@nowhere.example`);
    expect(await main(page)).toContain("No listing of the server has ever named this account.");
  });
});
