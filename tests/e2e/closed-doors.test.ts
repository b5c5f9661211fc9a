import { appendFileSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, signIn, visit } from "../support/browser";
import { doors } from "../support/doors";
import { withImap } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";

/** What mail programs ask: of a domain that isn't here, or with a link that isn't good, they get nothing. */
const OPEN_TO_MAIL_PROGRAMS = [
  "/mail/config-v1.1.xml",
  "/mail/apple.mobileconfig",
  "/autodiscover/autodiscover.xml",
  "/client-setup/forged.AAAA",
  "/client-setup/forged.AAAA/config-v1.1.xml",
  "/client-setup/forged.AAAA/mail.mobileconfig",
];

/** For whoever has a one-time link: with one that isn't good they say so, and nothing else. */
const OPEN_BY_LINK = ["/invite/forged.AAAA", "/reset/forged.AAAA"];

/** How the API is used: the same on every server. */
const OPEN_DOCS = ["/api/v1/docs", "/api/v1/openapi.json"];

/** The few that answer everybody: the way in, a monitor's question, the API's docs, and mail programs. */
const OPEN = ["/sign-in", "/setup", "/api/health", ...OPEN_DOCS, ...OPEN_BY_LINK, ...OPEN_TO_MAIL_PROGRAMS];

/** Pages that have forms, each with all of its actions tried. */
const FORMS = [
  "/mailserver",
  "/mailserver/drift",
  "/mailserver/timetable",
  "/sessions",
  "/accounts",
  "/accounts/anna%40riverside.example",
  "/accounts/bulk?all=yes&act=suspend-all",
  "/accounts/import",
  "/domains",
  "/domains/riverside.example",
  "/domains/*",
  "/changes/1",
  "/settings/alerts",
  "/settings/operators",
  "/operators",
  "/me",
  "/me/tokens",
];

const routes = () => doors().map(({ route }) => route);

/** What each form of a page sends, once for each kind of button that it has. */
async function submissions(page: Page): Promise<[string, string][][]> {
  return await page.locator("form").evaluateAll((elements) =>
    elements.flatMap((element) => {
      const form = element as HTMLFormElement;
      const buttons = [...form.elements].filter(
        (field): field is HTMLButtonElement => field instanceof HTMLButtonElement && field.type === "submit",
      );
      const kinds = new Map(buttons.map((button) => [button.name, button]));
      return [...kinds.values()].map((button) =>
        [...new FormData(form, button).entries()].map(
          ([name, value]) => [name, typeof value === "string" ? value : ""] as [string, string],
        ),
      );
    }),
  );
}

describe("without a session", () => {
  let panel: RunningPanel;
  let browser: Browser;
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });

  it("knows every route", () => {
    const withForms = FORMS.map((path) =>
      path
        .replace(/\?.*|\/\*$/, "")
        .replace("/anna%40", "/ben%40")
        .replace(/^\/settings\/.*/, "/settings/alerts"),
    );
    expect(routes()).toEqual(expect.arrayContaining([...OPEN, ...withForms]));
    expect(routes().filter((route) => route.includes("["))).toEqual([]);
  });

  it.each(routes().filter((route) => !OPEN.includes(route)))(
    "%s answers with the sign-in page or 401",
    async (route) => {
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        const response = await fetch(panel.url + route, {
          method,
          redirect: "manual",
          headers: { Origin: panel.url },
        });
        const to = response.headers.get("location") ?? "";
        const body = await response.text();
        const refused =
          response.status === 401 ||
          response.status === 405 ||
          (response.status >= 300 && response.status < 400 && to.includes("/sign-in"));
        // A page that streams tells the redirect in its body.
        expect(
          refused || body.includes("/sign-in?next=") || body.includes("NEXT_REDIRECT;replace;/sign-in"),
          `${method} ${route}: ${response.status} ${body.slice(0, 300)}`,
        ).toBe(true);
        expect(body).not.toMatch(/Protocols Enabled|anna@riverside|first listed|What decides/);
      }
    },
  );

  it.each(OPEN_BY_LINK)("%s is open, and tells only that the link is not good", async (route) => {
    const body = await (await fetch(panel.url + route)).text();
    expect(body).toContain("This link can’t be used");
    expect(body).not.toMatch(/<form|panel\.example/);
  });

  it.each(OPEN_TO_MAIL_PROGRAMS)(
    "%s is open, and tells nothing of what isn't asked rightly",
    async (route) => {
      for (const query of ["", "?emailaddress=anna@elsewhere.example", "?emailaddress=riverside.example"]) {
        const response = await fetch(panel.url + route + query);
        const body = await response.text();
        const refused = response.status === 404 || response.status === 405;
        expect(refused || body.includes("This link can’t be used"), query).toBe(true);
        expect(body).not.toMatch(/anna@riverside|mail\.riverside|hostname|Server>/);
      }
    },
  );

  it.each(OPEN_DOCS)("%s is open, and tells nothing of this server", async (route) => {
    const response = await fetch(panel.url + route);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toMatch(/riverside|harbour|anna@|127\.0\.0\.1/);
  });

  it("no action does anything: a form of the page, sent again without the cookie", async () => {
    // So that the pages have their buttons to put a file back, to resume and to take a change back as well.
    const generated = `${panel.generated}/settings.conf`;
    appendFileSync(generated, "# by hand\n");
    await panel.cli("accounts", "suspend", "anna@riverside.example", "--reason", "unpaid");
    await panel.cli("mailserver", "freeze", "add", "+1h");
    const { page, context } = await visit(browser, { javaScript: false });
    await signIn(page, panel.url);
    await page.goto(`${panel.url}/mailserver`);
    await page.getByRole("button", { name: "Put the wanted file back" }).waitFor();
    const facts = async () => [
      (await panel.cli("mailserver", "get", "--json")).stdout,
      (await panel.cli("changes", "list", "--json")).stdout,
      (await panel.cli("jobs", "list", "--json")).stdout,
      (await panel.cli("admin", "list", "--json")).stdout,
      (await panel.cli("mailserver", "freeze", "list", "--json")).stdout,
    ];
    const before = await facts();
    const [, somebody] = await panel.accounts();
    const login = { port: panel.ports.imap, account: somebody!, encryption: "none" as const };
    await withImap(login, async (client) => {
      for (const path of FORMS) {
        await page.goto(panel.url + path);
        const actions = (await submissions(page)).filter((fields) =>
          fields.some(([name]) => name.startsWith("$ACTION")),
        );
        expect(actions.length, path).toBeGreaterThanOrEqual(3);
        for (const fields of actions) {
          const form = new FormData();
          for (const [name, value] of fields.filter(([key]) => key !== "pop3")) form.append(name, value);
          const response = await fetch(panel.url + path, {
            method: "POST",
            body: form,
            redirect: "manual",
            headers: { Origin: panel.url },
          });
          expect([303, 307, 401], path).toContain(response.status);
          expect(response.headers.get("location") ?? "", path).toContain("/sign-in");
        }
      }
      expect(client.usable).toBe(true);
    });
    await context.close();
    expect(await facts()).toEqual(before);
    expect(readFileSync(generated, "utf8")).toContain("# by hand");
  });

  it("a forged session cookie is no session", async () => {
    const response = await fetch(`${panel.url}/mailserver`, {
      redirect: "manual",
      headers: { Cookie: "portcullis.session_token=forged.AAAA" },
    });
    expect(await response.text()).not.toContain("Protocols Enabled");
  });

  it("a way back to another site is not taken", async () => {
    const { page, context } = await visit(browser);
    for (const next of [
      "https://evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
    ]) {
      await page.goto(`${panel.url}/sign-in?next=${encodeURIComponent(next)}`);
      expect(await page.locator('input[name="next"]').getAttribute("value")).toBe("/");
    }
    await context.close();
  });

  it("guessing is slowed: after ten wrong passwords a minute the eleventh is not even tried", async () => {
    const { page, context } = await visit(browser, { javaScript: false });
    for (let guess = 0; guess < 11; guess++) {
      await page.goto(`${panel.url}/sign-in`);
      await page.getByLabel("E-mail address").fill("guessed@panel.example");
      await page.getByLabel("Password").fill(`guess ${guess}`);
      await page.getByRole("button", { name: "Sign in" }).click();
    }
    expect(await page.locator("main").innerText()).toMatch(/Too many tries\. Wait \d+ seconds/);
    await context.close();
  });

  it("sends a content policy that lets no foreign or inline script run", async () => {
    const policy = (await fetch(`${panel.url}/sign-in`)).headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
  });
});
