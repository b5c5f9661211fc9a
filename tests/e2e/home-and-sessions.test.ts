import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
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

describe("home and sessions", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let accounts: { address: string; password: string }[];
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    session = await newSession(browser, panel.url);
    accounts = await panel.accounts();
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
    const visitor = await visit(browser, { ...options, session });
    visitors.push(visitor);
    await visitor.page.goto(panel.url + path);
    return visitor.page;
  };
  /** Two accounts signed in by IMAP, each with a word on whether its connection still stands. */
  const twoSignedIn = async (use: (isOpen: () => [boolean, boolean]) => Promise<void>) => {
    const login = (index: number) => ({
      port: panel.ports.imap,
      account: accounts[index]!,
      encryption: "none" as const,
    });
    await withImap(login(0), async (first) => {
      await withImap(login(1), async (second) => await use(() => [first.usable, second.usable]));
    });
  };
  const rows = (page: Page) => page.getByRole("table", { name: "Open sessions" }).locator("tbody tr");

  it.each([true, false])(
    "shows who is connected, ends one, and only that one, JavaScript %s",
    async (javaScript) => {
      await twoSignedIn(async (isOpen) => {
        const [mine, other] = [accounts[0]!.address, accounts[1]!.address];
        const page = await open("/sessions", { javaScript });
        expect(await rows(page).allInnerTexts()).toEqual([
          expect.stringMatching(
            new RegExp(
              `^${[mine, other].toSorted()[0]}[\\s\\S]*IMAP\\s+127.0.0.1\\s+(just now|\\d+ seconds? ago)`,
            ),
          ),
          expect.stringContaining([mine, other].toSorted()[1]!),
        ]);
        if (javaScript) expect(await pageFaults(page)).toEqual([]);
        await page.getByRole("button", { name: `the IMAP session of ${mine} from` }).click();
        await expect.poll(isOpen).toEqual([false, true]);
        await expect.poll(() => rows(page).count()).toBe(1);
        if (javaScript) await page.getByText("1 session was ended.").waitFor();
        expect((await panel.cli("sessions", "list", "--json")).stdout).toContain(other);
        expect((await panel.cli("sessions", "list", "--json")).stdout).not.toContain(mine);
      });
    },
  );

  it("filters by its address, and ends what matches once it is ticked", async () => {
    await twoSignedIn(async (isOpen) => {
      const other = accounts[1]!.address;
      const page = await open("/sessions?from=nowhere");
      await page.getByText("Enter an address or its beginning").waitFor();
      await page.getByLabel("From").fill("127.0.0.");
      await page.getByRole("searchbox", { name: "Account" }).fill(other);
      await page.getByLabel("Protocol").selectOption("imap");
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/q=.*protocol=imap/);
      await page.getByText("2 open now: 2 IMAP; 1 match.").waitFor();
      await page.getByRole("button", { name: "End 1 session" }).click();
      expect(isOpen()).toEqual([true, true]);
      await page.getByLabel("Whoever is allowed can sign in again at once").check();
      await page.getByRole("button", { name: "End 1 session" }).click();
      await expect.poll(isOpen).toEqual([true, false]);
      await page.getByText("None of them matches.").waitFor();
      await page.getByText("1 session was ended.").waitFor();
    });
  });

  it("does the same at a shell, and nothing without a word on which", async () => {
    await twoSignedIn(async (isOpen) => {
      expect(await panel.cli("sessions", "end")).toMatchObject({ code: 2 });
      expect(await panel.cli("sessions", "list", "--from", "x")).toMatchObject({ code: 2 });
      const dry = await panel.cli("sessions", "end", "--protocol", "imap", "--dry-run", "--json");
      expect(JSON.parse(dry.stdout)).toEqual({ dryRun: true, matching: 2 });
      const [found] = JSON.parse(
        (await panel.cli("sessions", "list", "--q", accounts[0]!.address, "--json")).stdout,
      ) as { since: string }[];
      expect(found).toMatchObject({ username: accounts[0]!.address, protocol: "imap", ip: "127.0.0.1" });
      expect(Math.abs(Date.now() - Date.parse(found!.since))).toBeLessThan(60_000);
      expect(isOpen()).toEqual([true, true]);
      const ended = await panel.cli("sessions", "end", "--protocol", "imap", "--json");
      expect(JSON.parse(ended.stdout)).toEqual({ ended: 2, left: 0 });
      await expect.poll(isOpen).toEqual([false, false]);
      expect((await panel.cli("sessions", "list")).stdout).toBe("None.\n");
    });
  });

  it("says that nobody is connected, also 390 pixels wide in the dark", async () => {
    const page = await open("/sessions", { narrow: true, dark: true });
    await page.getByText("Nobody is connected now.").waitFor();
    expect(await pageFaults(page)).toEqual([]);
  });

  it("tells what is up, what needs somebody and what changed last, each with its way on", async () => {
    const address = accounts[0]!.address;
    const page = await open("/");
    const needs = page.getByRole("region", { name: "Needs somebody" });
    await needs.getByText("Nothing: everything that is wanted is in force.").waitFor();
    // Those of the tests before take a moment to go.
    await expect
      .poll(async () => {
        await page.reload();
        return await page.getByRole("region", { name: "IMAP" }).innerText();
      })
      .toMatch(/IMAP answers[\s\S]*answers[\s\S]*0 sessions open now/);
    expect(await pageFaults(page)).toEqual([]);

    await panel.cli("accounts", "set", address, "pop3=deny", "--until", "+2d", "--reason", "trip");
    await panel.cli("mailserver", "set", "pop3=off");
    const settings = join(panel.generated, "settings.conf");
    const own = await readFile(settings, "utf8");
    await writeFile(settings, `${own}# by hand\n`);
    await expect
      .poll(async () => (await page.reload(), await needs.innerText()), { timeout: 40_000, interval: 1000 })
      .toContain("settings.conf was edited by hand");
    expect(await needs.innerText()).toContain("1 account has a rule that ends within 7 days.");
    const pop3 = page.getByRole("region", { name: "POP3" });
    expect(await pop3.innerText()).toMatch(/POP3 is closed[\s\S]*refuses connections/);
    const recent = page.getByRole("region", { name: "Last changes" });
    expect(await recent.getByRole("listitem").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("Close POP3"), expect.stringContaining(address)]),
    );
    await needs.getByText("settings.conf was edited by hand").click();
    await page.waitForURL(/\/mailserver\/drift$/);
    await writeFile(settings, own);
    await panel.cli("mailserver", "set", "pop3=on");
    await page.goto(`${panel.url}/`);
    await needs.getByText("1 account has a rule").click();
    await page.waitForURL(/\/accounts\?ending=7$/);
    await page.getByRole("link", { name: address }).first().waitFor();
  });
});
