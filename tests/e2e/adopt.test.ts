import { readFileSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missing, SCENARIOS, startedServer, VIRTUAL } from "../support/adoptable";
import { packageLikeHome } from "../support/adopted-shape";
import { applyReviewed, newSession, openBrowser, pageFaults, visit } from "../support/browser";
import { nameEvilPrograms } from "../support/evil-root";
import { notRoot, WEB } from "../support/helper-sandbox";
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

  it("is the panel of an adopted server, as a user of its own with the helper before it; root believes nothing of its home", async (context) => {
    const reason = notRoot() ?? (await missing(scenario));
    if (reason) context.skip(reason);
    const { folder, server } = await startedServer(scenario, ends);
    const asFound = readFileSync(server.conf);
    const shape = await packageLikeHome(folder);
    ends.push(() => shape.helper.stop());
    const { home, root } = shape;
    const adopted = await shape.adopt(...server.options, "--reason", "a page for it");
    expect(adopted).toMatchObject({ code: 0 });
    expect(adopted.stdout).toContain("systemctl enable --now portcullis-helper portcullis");
    await shape.helper.start();
    const panel = await startPanel({ home });
    ends.push(() => panel.remove());
    expect(panel.output()).toMatch(/adopted Dovecot\s+2\.3\.\S+, \/etc\/dovecot\/dovecot\.conf/);
    const [pid] = await panel.pids();
    expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]).toBe(String(WEB.uid));
    // All of the panel's is its user's, and what root goes by is root's.
    expect(await ownersOf(home)).toEqual([WEB.uid]);
    expect(await ownersOf(shape.helperHome)).toEqual([0]);

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
    // Its pages are about this server: POP3 closed there is closed here, and who is denied doesn't get in.
    const { page } = await visit(browser, { session });
    await page.goto(`${panel.url}/mailserver`);
    await page.getByRole("switch", { name: "POP3", exact: true }).click();
    await page.getByRole("button", { name: "Save and review" }).click();
    expect(await applyReviewed(page)).toMatch(/Close POP3\.\s+In force: revision \d+/);
    const [anna, ben] = [VIRTUAL[0]!, VIRTUAL[1]!];
    expect(await signIns(server.ports, [anna])).toEqual({
      [`${anna.address} imap`]: "reads 1",
      [`${anna.address} pop3`]: "refused",
    });
    await page.goto(`${panel.url}/accounts/${encodeURIComponent(ben.address)}`);
    const rule = page.getByRole("form", { name: "Rule for IMAP" });
    await rule.getByLabel("IMAP for").selectOption("deny");
    await rule.getByLabel("Reason").fill("left");
    await rule.getByRole("button").click();
    await expect
      .poll(async () => (await signIns(server.ports, [ben]))[`${ben.address} imap`])
      .toMatch(/disabled|failed/);
    for (const command of [
      ["status"],
      ["verify"],
      ["mailserver", "set", "pop3=on"],
      ["accounts", "set", anna.address, "pop3=deny"],
      ["restore", "--dry-run"],
      ["backup", "create"],
      ["certificate", "renewed"],
    ])
      expect([command, await root.run(...command)]).toMatchObject([command, { code: 0 }]);
    // With warnings of this machine, such as its clock.
    const { stdout: found } = await root.run("doctor");
    expect(found).toContain("Dovecot's own checker takes its configuration.");
    expect(found).not.toContain("FAIL");
    expect(await ownersOf(home)).toEqual([WEB.uid]);

    expect(await shape.release()).toMatchObject({ code: 3 });
    await panel.end();
    await shape.helper.stop();
    expect((await signIns(server.ports, [anna]))[`${anna.address} imap`]).toBe("reads 1");
    // What the home's owner makes of its files is run as him, by whatever root types.
    const evil = await nameEvilPrograms(home, folder);
    for (const command of [
      "status",
      "verify",
      "doctor",
      "restore",
      "drift",
      "backup create",
      "certificate renewed",
      "mailserver set pop3=off",
      "sessions list",
      "adopt --dry-run",
    ])
      await root.run(...command.split(" "));
    expect(await evil.ranAs()).toEqual([WEB.uid]);
    // Where the record lies is not believed either: refused, with nothing touched.
    expect(await shape.release()).toMatchObject({ code: 3 });
    await evil.putBack();
    expect(await shape.release()).toMatchObject({ code: 0 });
    expect(await evil.ranAs()).toEqual([WEB.uid]);
    expect(readFileSync(server.conf)).toEqual(asFound);
    expect((await signIns(server.ports, [ben]))[`${ben.address} imap`]).toBe("reads 1");
  }, 300_000);
});

/** Of everything in a folder, each user once. */
async function ownersOf(folder: string): Promise<number[]> {
  const paths = [folder, ...(await readdir(folder, { recursive: true })).map((name) => join(folder, name))];
  return [...new Set(await Promise.all(paths.map(async (path) => (await lstat(path)).uid)))];
}
