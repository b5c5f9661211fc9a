import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeAccess } from "@/lib/server/access/change";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { nodeAt } from "@/lib/server/node";
import { newSession, openBrowser, pageFaults, visit } from "../support/browser";
import { operatorOf } from "../support/operator";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";

interface Entry {
  number: number;
  actor: string;
  from: string;
  action: string;
  outcome: string;
  subject: string;
  sentences: string[];
}

describe("the audit's page", () => {
  let panel: RunningPanel;
  let browser: Browser;
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    await panel.cli("mailserver", "freeze", "add", "+1h", "--reason", "ticket 4711");
    const node = await nodeAt(homeAt(panel.home), openDatabase(homeAt(panel.home).database));
    for (let change = 0; change < 30; change++)
      await changeAccess(node, {
        actor: { name: "tester", origin: "cli" },
        rank: "administrator",
        reason: `No. ${change}`,
        edits: [
          {
            kind: "policy",
            subject: "anna@riverside.example",
            protocol: "pop3",
            state: change % 2 === 0 ? "deny" : "allow",
            until: null,
          },
        ],
      });
    await node.db.$disconnect();
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );
  const entries = async (...filters: string[]): Promise<Entry[]> =>
    JSON.parse((await panel.cli("audit", "list", "--json", "--limit", "200", ...filters)).stdout) as Entry[];

  it("lists what was done, opens to all of it, and is narrowed by an address that can be bookmarked", async () => {
    const page = await open("/audit");
    expect(await pageFaults(page)).toEqual([]);
    await page.getByLabel("Action").selectOption("freeze.add");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL("**/audit?action=freeze.add");
    const list = page.getByRole("list", { name: "Entries" });
    expect(await list.getByRole("listitem").count()).toBe(1);
    await list.locator("summary").click();
    await list.getByText("“ticket 4711”").waitFor();
    expect(await list.innerText()).toMatch(/After\s+Nothing may reload Dovecot from/);
    expect(await pageFaults(page)).toEqual([]);
    await page.goto(`${panel.url}/audit?from=2026-02-31`);
    await page.getByText("There is no such day or time.").waitFor();
    await page.getByText("Nothing is listed, because a filter can't be used.").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.goto(`${panel.url}/audit?q=nobody-like-that`);
    await page.getByText("No entry is like that.").waitFor();
  });

  it("goes on by the entry before and after", async () => {
    const page = await open("/audit?action=access.change&limit=20");
    const items = page.getByRole("list", { name: "Entries" }).getByRole("listitem");
    const newest = await items.first().getAttribute("id");
    expect(await items.count()).toBe(20);
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForURL("**before=*");
    await expect.poll(() => items.count()).toBe(10);
    await page.getByRole("link", { name: "Previous" }).click();
    await page.waitForURL("**after=*");
    await expect.poll(() => items.first().getAttribute("id")).toBe(newest);
  });

  it("works on a phone, in the dark, and without JavaScript", async () => {
    const page = await open("/audit", { narrow: true, dark: true });
    await page.getByRole("list", { name: "Entries" }).locator("summary").first().click();
    expect(await pageFaults(page)).toEqual([]);
    const plain = await open("/audit?action=freeze.add", { javaScript: false });
    await plain.locator("summary").click();
    await plain.getByText("“ticket 4711”").waitFor();
  });

  it("says when it was last verified, and what is broken", async () => {
    const page = await open("/audit");
    await page.getByText(/Whole when it was verified .*none changed, missing or moved\./).waitFor();
    const db = openDatabase(homeAt(panel.home).database);
    const hide = async (actor: string) => {
      await db.$executeRawUnsafe(`DROP TRIGGER IF EXISTS "AuditEntry_never_changed"`);
      await db.$executeRawUnsafe(
        `UPDATE "AuditEntry" SET "actor" = '${actor}' WHERE "action" = 'freeze.add'`,
      );
    };
    const before = await db.auditEntry.findFirstOrThrow({ where: { action: "freeze.add" } });
    await hide("nobody");
    expect((await panel.cli("audit", "verify")).code).toBe(7);
    await page.reload();
    await page.getByText("Somebody tampered with the audit.").waitFor();
    await page.getByText(`Entry ${before.number} was changed after it was written.`).first().waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await hide(before.actor);
    await db.$disconnect();
    expect((await panel.cli("audit", "verify")).code).toBe(0);
    await page.reload();
    await page.getByText(/Whole when it was verified/).waitFor();
  });

  it("gives it as a file, in full and as it is filtered", async () => {
    const page = await open("/audit?action=freeze.add");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export as JSON" }).click(),
    ]);
    const file = JSON.parse(await readFile(await download.path(), "utf8")) as Entry[];
    expect(file.map(({ action }) => action)).toEqual(["freeze.add"]);
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export as CSV" }).click(),
    ]);
    expect(await readFile(await csv.path(), "utf8")).toMatch(/number,at,actor,.*hash,seal\n/);
  });

  it("has who signed in, who failed to, and from where, whatever the client says of itself", async () => {
    const { page, context } = await visit(browser);
    await context.setExtraHTTPHeaders({ "x-forwarded-for": "203.0.113.9" });
    await page.goto(`${panel.url}/sign-in`);
    await page.getByLabel("E-mail address").fill(ADMIN.email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail address or password is wrong.").first().waitFor();
    await context.close();
    await newSession(browser, panel.url);
    const found = await entries("--action", "session.sign-in");
    expect(found.slice(0, 2).map(({ actor, from, outcome }) => `${outcome} ${actor} ${from}`)).toEqual([
      `done ${ADMIN.email} 127.0.0.1`,
      `refused ${ADMIN.email} 127.0.0.1`,
    ]);
  });

  it("has who looked at an account, at sessions and at the audit, once for any number of looks", async () => {
    for (let look = 0; look < 2; look++)
      for (const path of ["/accounts/ben%40riverside.example", "/sessions", "/audit?who=ben"])
        await open(path);
    const found = await entries("--outcome", "read", "--who", ADMIN.email);
    const looks = found.map(({ action, subject }) => `${action} ${subject}`);
    for (const look of ["account.read ben@riverside.example", "sessions.read all", "audit.read "])
      expect(looks.filter((one) => one === look)).toEqual([look]);
  });

  it("is nobody's but an administrator's: a reviewer is refused, and that is told", async () => {
    const db = openDatabase(homeAt(panel.home).database);
    await db.user.updateMany({ where: { email: ADMIN.email }, data: { role: "reviewer" } });
    const session = await newSession(browser, panel.url);
    const { page, context } = await visit(browser, { session });
    const response = await page.goto(`${panel.url}/audit`);
    expect(await page.locator("body").innerText()).not.toContain("freeze.add");
    expect(response?.status()).toBe(404);
    expect((await page.request.get(`${panel.url}/audit/export?format=json`)).status()).toBe(403);
    await context.close();
    await db.user.updateMany({ where: { email: ADMIN.email }, data: { role: "administrator" } });
    await db.$disconnect();
    const found = await entries("--outcome", "refused", "--action", "page.open");
    expect(found.map(({ subject, sentences }) => `${subject}: ${sentences.join()}`).toSorted()).toEqual([
      "/audit/export: The role reviewer doesn't allow audit.read.",
      "/audit: The role reviewer doesn't allow audit.read.",
    ]);
    expect((await panel.cli("audit", "verify")).code).toBe(0);
  });
});
