import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayDo, ROLES, type Role, type Scope } from "@/lib/core/operators/roles";
import { newSession, openBrowser, pageFaults, type Session, visit } from "../support/browser";
import { actions, doors } from "../support/doors";
import { setRole } from "../support/operator-accounts";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";

const MINE = "riverside.example";
const OTHER = "harbour.example";

/** One person in every role, for all of the server and for one domain. */
const PEOPLE: readonly { role: Role; scope: Scope }[] = ROLES.flatMap((role) => [
  { role, scope: null },
  { role, scope: [MINE] },
]);

describe("who may do what", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let cookie: string;
  let mine: string;
  let other: string;
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    session = await newSession(browser, panel.url);
    cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    await panel.cli("accounts", "sync");
    const addresses = (await panel.accounts()).map(({ address }) => address);
    mine = addresses.find((address) => address.endsWith(`@${MINE}`)) ?? "";
    other = addresses.find((address) => !address.endsWith(`@${MINE}`)) ?? "";
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });

  const get = async (path: string) => {
    const response = await fetch(panel.url + path, { headers: { cookie }, redirect: "manual" });
    return { status: response.status, body: await response.text() };
  };
  const as = async (role: Role, scope: Scope) => await setRole(panel, ADMIN.email, role, scope);

  it("is decided by the one table, which every page and action asks", () => {
    const unnamed = doors().filter(
      ({ isPage, permission, route }) =>
        isPage &&
        permission === undefined &&
        !/^\/(?:sign-in|setup|client-setup|invite|reset|confirm|api\/v1\/docs)/.test(route),
    );
    expect(unnamed.map(({ route }) => route)).toEqual([]);
    expect(actions().length).toBeGreaterThan(25);
    expect(actions().filter(({ permission }) => permission === undefined)).toEqual([]);
  });

  it.each(PEOPLE)(
    "pages for a $role of $scope: what he may not do looks like nothing",
    async ({ role, scope }) => {
      await as(role, scope);
      for (const { route, isPage, permission } of doors()) {
        if (!isPage || permission === undefined) continue;
        const { status, body } = await get(route);
        const isAllowed = mayDo(role, scope, permission);
        // A page of something that isn't there is none for anybody.
        const isThere = !/\/(?:1|[^/]*%40[^/]*)$/.test(route) && (panel.isPrivate || route !== "/sandbox");
        const isNothing = status === 404 || body.includes("NEXT_HTTP_ERROR_FALLBACK;404");
        if (!isAllowed) expect(isNothing, `${route}: ${status}`).toBe(true);
        else if (isThere) expect([200, 307, 308], `${route}: ${body.slice(0, 200)}`).toContain(status);
      }
    },
  );

  it.each(ROLES)(
    "a %s of one domain sees its accounts, and others exactly like none that exist",
    async (role) => {
      await as(role, [MINE]);
      const list = await get("/accounts?limit=200");
      expect(list.body).toContain(mine);
      expect(list.body).not.toContain(other);
      expect((await get("/domains")).body).not.toContain(OTHER);
      expect((await get(`/accounts?q=${other.slice(0, 4)}`)).body).not.toContain(other);
      expect((await get("/accounts/export?format=csv")).body).not.toContain(other);
      const foreign = await get(`/accounts/${encodeURIComponent(other)}`);
      const invented = await get(`/accounts/${encodeURIComponent(`nobody@${other.split("@")[1]}`)}`);
      const plain = (body: string, address: string) =>
        body
          .replaceAll(/nonce="[^"]*"|"nonce":"[^"]*"/g, "")
          .replaceAll(encodeURIComponent(address), "X")
          .replaceAll(address, "X");
      expect(foreign.status).toBe(invented.status);
      expect(plain(foreign.body, other).length).toBe(
        plain(invented.body, `nobody@${other.split("@")[1]}`).length,
      );
      expect((await get(`/domains/${other.split("@")[1]}`)).status).toBe(404);
      expect((await get("/domains/*")).status).toBe(404);
      expect((await get(`/accounts/${encodeURIComponent(mine)}`)).status).toBe(200);
    },
  );

  it("an action that a role doesn't have is refused, although its form was there a moment ago", async () => {
    await as("administrator", null);
    const { page, context } = await visit(browser, { session });
    await page.goto(`${panel.url}/accounts/${encodeURIComponent(mine)}`);
    await page.getByRole("button", { name: "Deny POP3", exact: true }).waitFor();
    await as("reviewer", null);
    await page.getByRole("button", { name: "Deny POP3", exact: true }).click();
    await page.getByText("Your role doesn't allow this.").first().waitFor();
    await as("operator", [other.split("@")[1] ?? ""]);
    await page.getByRole("button", { name: "Deny POP3", exact: true }).click();
    await page
      .getByText(
        /is not among the domains that you are responsible for|There is no page here|no such page|not found/i,
      )
      .first()
      .waitFor();
    expect((await panel.cli("accounts", "show", mine, "--json", "--no-proof")).stdout).toContain(
      '"override": "inherit"',
    );
    await context.close();
  });

  it("hides what a role can't do, and the page stays whole", async () => {
    await as("reviewer", [MINE]);
    for (const options of [{}, { narrow: true, dark: true }]) {
      const { page, context, complaints } = await visit(browser, { ...options, session });
      await page.goto(`${panel.url}/`);
      const pages = page.getByRole("navigation", { name: "Pages" });
      expect(await pages.getByRole("link").allInnerTexts()).toEqual(
        expect.not.arrayContaining(["Mailserver Configuration", "Panel settings"]),
      );
      expect(await pageFaults(page)).toEqual([]);
      await page.goto(`${panel.url}/accounts`);
      await page.getByText(mine).first().waitFor();
      expect(await page.getByRole("switch").count()).toBe(0);
      expect(await pageFaults(page)).toEqual([]);
      await context.close();
      expect(complaints).toEqual([]);
    }
    await as("administrator", null);
  });
});
