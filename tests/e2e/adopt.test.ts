import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missing, SCENARIOS, startServer, VIRTUAL } from "../support/adoptable";
import { newSession, openBrowser, pageFaults, visit } from "../support/browser";
import { Cli } from "../support/cli";
import { startPanel } from "../support/panel";
import { signIns } from "../support/system-dovecot";

const scenario = SCENARIOS.find(({ name }) => name === "virtual-users")!;

describe("the page of adopting", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
    ends.push(() => browser.close());
  });
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("shows a sandbox's panel what adopting the machine's own Dovecot would be, and the command", async () => {
    const panel = await startPanel();
    ends.push(() => panel.remove());
    const session = await newSession(browser, panel.url);
    for (const look of [{}, { narrow: true, dark: true }, { javaScript: false }]) {
      const { page, context } = await visit(browser, { ...look, session });
      await page.goto(`${panel.url}/adopt`);
      await page.getByRole("heading", { level: 1, name: "Adopt a server" }).waitFor();
      if (look.javaScript !== false) expect(await pageFaults(page)).toEqual([]);
      expect(await page.getByLabel("Command").inputValue()).toContain("bin/portcullis adopt");
      const text = await page.getByRole("main").innerText();
      // Whether the machine's own can be adopted depends on the machine; either way it says what it looked at.
      expect(text).toMatch(/The proof|No Dovecot of this machine/);
      await context.close();
    }
    await panel.end();
  });

  it("is the panel of an adopted server, which goes on when the panel ends", async (context) => {
    const reason = await missing(scenario);
    if (reason) context.skip(reason);
    const folder = await mkdtemp(join(tmpdir(), "portcullis-adopt-test-"));
    await chmod(folder, 0o711);
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startServer(scenario, folder);
    ends.push(() => server.end());
    const home = join(folder, "home");
    const cli = new Cli(home);
    expect(await cli.run("adopt", ...server.options, "--yes", "--reason", "a page for it")).toMatchObject({
      code: 0,
    });
    const panel = await startPanel({ home });
    ends.push(() => panel.remove());
    expect(panel.output()).toMatch(/adopted Dovecot\s+2\.3\.\S+, \/etc\/dovecot\/dovecot\.conf/);
    expect(await panel.pids()).toHaveLength(1);

    const session = await newSession(browser, panel.url);
    for (const look of [{}, { narrow: true, dark: true }]) {
      const { page, context: visitor } = await visit(browser, { ...look, session });
      await page.goto(`${panel.url}/adopt`);
      await page.getByRole("heading", { level: 1, name: "Adopted server" }).waitFor();
      expect(await pageFaults(page)).toEqual([]);
      const text = await page.getByRole("main").innerText();
      expect(text).toContain("!include portcullis/settings.conf");
      expect(text).toContain("it comes back byte by byte");
      expect(await page.getByRole("link", { name: "Sample mailboxes" }).count()).toBe(0);
      await visitor.close();
    }
    // Its pages are about this server: POP3 closed there is closed here.
    const { page } = await visit(browser, { session });
    await page.goto(`${panel.url}/mailserver`);
    expect(await page.getByRole("switch", { name: "POP3", exact: true }).isChecked()).toBe(true);
    expect(await cli.run("release", "--yes")).toMatchObject({ code: 3 });
    expect(await cli.run("mailserver", "set", "pop3=off")).toMatchObject({ code: 0 });
    const anna = VIRTUAL[0]!.address;
    expect(await signIns(server.ports, VIRTUAL.slice(0, 1))).toEqual({
      [`${anna} imap`]: "reads 1",
      [`${anna} pop3`]: "refused",
    });
    await panel.end();
    expect((await signIns(server.ports, VIRTUAL.slice(0, 1)))[`${anna} imap`]).toBe("reads 1");
    expect(await cli.run("release", "--yes")).toMatchObject({ code: 0 });
  });
});
