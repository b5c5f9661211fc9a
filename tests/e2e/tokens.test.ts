import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, pageFaults, visit } from "../support/browser";
import { operatorOf } from "../support/operator";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";

describe("tokens of one's own", () => {
  let panel: RunningPanel;
  let browser: Browser;
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });

  async function statusOf(secret: string): Promise<number> {
    return (await fetch(`${panel.url}/api/v1/token`, { headers: { authorization: `Bearer ${secret}` } }))
      .status;
  }

  it.each([true, false])(
    "are made after the password, shown once, and revoked (JavaScript: %s)",
    async (javaScript) => {
      const page = await open("/me/tokens", { javaScript });
      const name = `report ${javaScript}`;
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Domains").fill("harbour.example an@other *");
      await page.getByLabel("Your password").fill(ADMIN.password);
      await page.getByRole("button", { name: "Make a token" }).click();
      await page.getByText('"an@other" is no domain.').waitFor();
      expect(await page.getByLabel("Domains").inputValue()).toBe("harbour.example an@other *");
      await page.getByLabel("Domains").fill("harbour.example");
      await page.getByLabel("Your password").fill("not the password");
      await page.getByRole("button", { name: "Make a token" }).click();
      await page.getByText("The password is wrong.").waitFor();
      expect(await page.getByLabel("Name").inputValue()).toBe(name);
      expect(await page.getByLabel("Your password").inputValue()).toBe("");
      await page.getByLabel("Your password").fill(ADMIN.password);
      await page.getByRole("button", { name: "Make a token" }).click();
      const secret = await page.getByLabel("Token", { exact: true }).inputValue();
      expect(secret).toMatch(/^pcl_[\w-]{43}$/);
      expect(await statusOf(secret)).toBe(200);
      // axe is a program of the page.
      if (javaScript) expect(await pageFaults(page)).toEqual([]);
      await page.goto(`${panel.url}/me/tokens`);
      expect(await page.content()).not.toContain(secret);
      await page
        .getByRole("row", { name: new RegExp(name) })
        .getByText("administrator for harbour.example, read only")
        .waitFor();
      await page.getByRole("button", { name: `Revoke ${name}` }).click();
      await page
        .getByRole("row", { name: new RegExp(name) })
        .getByRole("cell", { name: "revoked" })
        .waitFor();
      expect(await statusOf(secret)).toBe(401);
    },
  );

  it.each([{}, { narrow: true, dark: true }])(
    "the API's docs can be read by everybody: %j",
    async (options) => {
      const { page, context, complaints } = await visit(browser, { javaScript: false, ...options });
      await page.goto(`${panel.url}/api/v1/docs`);
      await page.getByRole("heading", { name: "PATCH /api/v1/accounts/{address}" }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
      const seen = await visit(browser, options);
      await seen.page.goto(`${panel.url}/api/v1/docs#problem-stale`);
      expect(await pageFaults(seen.page)).toEqual([]);
      expect(seen.complaints).toEqual([]);
      await seen.context.close();
    },
  );
});
