import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyReviewed, openBrowser, signIn, type Visitor, visit } from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox, WEB } from "../support/helper-sandbox";
import { readByImap, readByPop3 } from "../support/mail-clients";
import { ADMIN } from "../support/panel";
import { type Spawned, spawnPanel } from "../support/unprivileged-panel";

/** The pages of a panel whose process may touch nothing of Dovecot's. */
describe.each(DOVECOTS.slice(-1))("a panel as a user of its own, Dovecot $family", (dovecot) => {
  let at: HelperSandbox;
  let panel: Spawned;
  let browser: Browser;
  let visitor: Visitor;
  let keeper: ChildProcess;
  let kept = "";
  const missing = dovecot.missing ?? notRoot();
  beforeAll(async () => {
    if (missing) return;
    [at, browser] = await Promise.all([startHelperSandbox(dovecot), openBrowser()]);
    await at.run("administrator", JSON.stringify(ADMIN));
    keeper = at.spawn("keeper", JSON.stringify({ seconds: 600 }));
    keeper.stdout?.on("data", (text) => (kept += String(text)));
    panel = await spawnPanel(at.web);
    visitor = await visit(browser);
    await signIn(visitor.page, panel.url);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.end();
    keeper?.kill("SIGKILL");
    await at?.remove();
  });
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  const account = () => at.sandbox.accounts[0]!;
  const pop3 = async () =>
    await readByPop3({ port: at.sandbox.ports.pop3s, account: account(), encryption: "tls" });
  const open = async (path: string): Promise<Page> => {
    await visitor.page.goto(panel.url + path);
    return visitor.page;
  };

  it("runs as that user, shows every main page, and closes and opens POP3 by a review with its checks and steps", async () => {
    expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${panel.pid}/status`, "utf8"))?.[1]).toBe(
      String(WEB.uid),
    );
    for (const path of [
      "/",
      "/mailserver",
      "/mailserver/history",
      "/accounts",
      "/domains",
      "/sessions",
      "/audit",
    ]) {
      const answer = await visitor.page.goto(panel.url + path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      expect(await visitor.page.locator("main").innerText()).not.toMatch(/went wrong|can't be reached/i);
    }
    expect(await (await open("/")).locator("main").innerText()).toContain(
      "Nothing: everything that is wanted is in force.",
    );
    for (const said of [
      /Close POP3\.\s+In force: revision \d+, without a reload/,
      /Open POP3\.\s+In force: revision \d+, after one reload/,
    ]) {
      const page = await open("/mailserver");
      await page.getByRole("switch", { name: "POP3" }).click();
      await page.getByRole("button", { name: "Save and review" }).click();
      await page.getByText("Dovecot's own checker accepts a copy").waitFor();
      expect(await applyReviewed(page)).toMatch(said);
      if (String(said).includes("Close")) {
        await expect(pop3()).rejects.toThrow("ECONNREFUSED");
        expect(
          (await readByImap({ port: at.sandbox.ports.imap, account: account(), encryption: "starttls" }))
            .length,
        ).toBeGreaterThan(0);
      } else expect(await pop3()).toBeGreaterThan(0);
    }
    // The keeper, as the same user, lists accounts and asks Dovecot about them.
    const seen = async () => await (await open("/accounts")).locator("main").innerText();
    await expect.poll(seen, { timeout: 30_000, interval: 1000 }).toContain("agrees");
    expect(kept).not.toContain("failed");
    expect(visitor.complaints).toEqual([]);
  });
});
