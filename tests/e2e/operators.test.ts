import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { TOTP } from "otpauth";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import {
  openBrowser,
  pageFaults,
  type Session,
  type VisitOptions,
  type Visitor,
  visit,
} from "../support/browser";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";
import { freePorts } from "../support/ports";

const BEN = { email: "ben@panel.example", password: "a password of ben's own", name: "Ben Ober" };

/** Browsers give passkeys to names only. */
async function namedPanel(): Promise<RunningPanel> {
  const [port = 0] = await freePorts(1);
  const panel = await startPanel({
    environment: { PORT: String(port), PORTCULLIS_URL: `http://localhost:${port}` },
  });
  return { ...panel, url: `http://localhost:${port}` };
}

/** Each in turn relies on what those before did, as people would do it. */
describe("operators of the panel", { timeout: 180_000 }, () => {
  let panel: RunningPanel;
  let browser: Browser;
  let anna: Visitor;
  let ben: Visitor;
  let strangers: Visitor[] = [];
  let app: TOTP;
  let recovery: string[] = [];
  /** Anna's, with her second factor. */
  let signedIn: Session;

  beforeAll(async () => {
    [panel, browser] = await Promise.all([namedPanel(), openBrowser()]);
    anna = await visit(browser);
    ben = await visit(browser);
    await signIn(anna.page, ADMIN.email, ADMIN.password);
    await anna.page.waitForURL(`${panel.url}/`);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  afterEach(async () => {
    const complaints = [anna, ben, ...strangers].flatMap((visitor) => visitor.complaints.splice(0));
    await Promise.all(strangers.map(({ context }) => context.close()));
    strangers = [];
    // A page that a role may not see answers 404, and the browser says so.
    expect(complaints.filter((complaint) => !complaint.includes("404"))).toEqual([]);
  });

  async function stranger(options: VisitOptions = {}): Promise<Page> {
    const visitor = await visit(browser, options);
    strangers.push(visitor);
    return visitor.page;
  }
  async function signIn(page: Page, email: string, password: string): Promise<void> {
    await page.goto(`${panel.url}/sign-in`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }
  async function signOut(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  }
  /** A code that was not given yet, of this half minute or one beside it: clocks may differ by so much. */
  const given = new Set<string>();
  async function nextCode(): Promise<string> {
    for (;;) {
      const codes = [0, 30_000, -30_000].map((by) => app.generate({ timestamp: Date.now() + by }));
      const code = codes.find((one) => !given.has(one));
      if (code) {
        given.add(code);
        return code;
      }
      await sleep(500);
    }
  }

  async function dressedFor(path: string, page: Page): Promise<string[]> {
    await page.goto(panel.url + path);
    return await pageFaults(page);
  }

  it("an invitation is made, shown once, and makes an operator once", async () => {
    const { page } = anna;
    await page.goto(`${panel.url}/operators`);
    await page.getByLabel("E-mail address").fill(BEN.email);
    await page.getByLabel("Role", { exact: true }).selectOption("operator");
    await page.getByLabel("Domains", { exact: true }).fill("riverside.example nowhere.example not a@domain");
    await page.getByRole("button", { name: "Make the invitation" }).click();
    await page.getByText('"a@domain" is no domain.').waitFor();
    await expect.poll(() => page.getByLabel("E-mail address").inputValue()).toBe(BEN.email);
    await page.getByLabel("Domains", { exact: true }).fill("Riverside.example nowhere.example");
    await page.getByRole("button", { name: "Make the invitation" }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    expect(link).toMatch(new RegExp(`^${panel.url}/invite/[\\w-]{43}$`));
    await page.getByText("No account is known of nowhere.example.").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.goto(`${panel.url}/operators`);
    expect(await page.getByRole("list", { name: "Invitations" }).innerText()).toContain(BEN.email);
    expect(await page.content()).not.toContain(link.split("/").at(-1));

    await ben.page.goto(link);
    expect(await pageFaults(ben.page)).toEqual([]);
    await ben.page.getByLabel("Name", { exact: true }).fill(BEN.name);
    await ben.page.getByLabel("Password", { exact: true }).fill(BEN.password);
    await ben.page.getByRole("button", { name: "Accept and sign in" }).click();
    await ben.page.waitForURL(`${panel.url}/`);
    const again = await stranger();
    await again.goto(link);
    await again.getByText("This link can’t be used").waitFor();
  });

  it("a role hides and refuses what it may not do", async () => {
    const { page } = ben;
    await page.goto(`${panel.url}/`);
    expect(await page.getByRole("navigation", { name: "Pages" }).innerText()).not.toContain("Operators");
    for (const path of ["/operators", "/settings/operators"]) {
      const response = await page.goto(panel.url + path);
      expect(response?.status(), path).toBe(404);
      await page.getByRole("main").getByRole("heading", { name: "There is no such page" }).waitFor();
      // The way on is the panel's own.
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Accounts" }).waitFor();
    }
    await page.goto(`${panel.url}/me`);
    await page.getByText("operator for nowhere.example, riverside.example").waitFor();
  });

  it("sets up codes of an app, and gets recovery codes once", async () => {
    const { page } = ben;
    await page.goto(`${panel.url}/me`);
    await page.getByRole("button", { name: "Set up an app for codes" }).click();
    const secret = (await page.getByLabel("Secret", { exact: true }).inputValue()).replaceAll(" ", "");
    app = new TOTP({ secret });
    expect(await page.getByAltText("QR code with the secret for the app").getAttribute("src")).toMatch(
      /^data:image\/svg/,
    );
    expect(await pageFaults(page)).toEqual([]);
    await codeField(page).fill("000000");
    await page.getByRole("button", { name: "Use this app" }).click();
    await page.getByText("This is not the code that the app shows now.").waitFor();
    await codeField(page).fill(await nextCode());
    await page.getByRole("button", { name: "Use this app" }).click();
    recovery = (await page.getByRole("textbox", { name: "Recovery codes" }).inputValue()).split("\n");
    expect(recovery).toHaveLength(10);
    await page.goto(`${panel.url}/me`);
    await page.getByText("10 recovery codes are left").waitFor();
    expect(await page.content()).not.toContain(recovery[0]);
  });

  it.each([true, false])("signs in with a code and not without, JavaScript %s", async (javaScript) => {
    const page = await stranger({ javaScript });
    await signIn(page, BEN.email, BEN.password);
    await page.getByRole("heading", { name: "Second factor" }).waitFor();
    // axe is a program of the page.
    if (javaScript) expect(await pageFaults(page)).toEqual([]);
    await page.goto(`${panel.url}/accounts`);
    expect(page.url()).toContain("/sign-in");
    await page.goto(`${panel.url}/sign-in/second-factor`);
    await codeField(page).fill("123456");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("This code is wrong").first().waitFor();
    const code = await nextCode();
    await codeField(page).fill(code);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForURL(`${panel.url}/`);
    await signOut(page);
    // Overheard: the same again.
    await signIn(page, BEN.email, BEN.password);
    await codeField(page).fill(code);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("This code is wrong").first().waitFor();
  });

  it("signs in with a recovery code, once", async () => {
    const page = await stranger();
    const give = async () => {
      await signIn(page, BEN.email, BEN.password);
      await codeField(page).fill((recovery[3] ?? "").toUpperCase().replace("-", " "));
      await page.getByRole("button", { name: "Go on" }).click();
    };
    await give();
    await page.waitForURL(`${panel.url}/`);
    await page.goto(`${panel.url}/me`);
    await page.getByText("9 recovery codes are left").waitFor();
    await signOut(page);
    await give();
    await page.getByText("This code is wrong").first().waitFor();
  });

  it("ends one's own other sessions", async () => {
    const page = await stranger();
    await signIn(page, BEN.email, BEN.password);
    await codeField(page).fill(recovery[4] ?? "");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForURL(`${panel.url}/`);
    await page.goto(`${panel.url}/me`);
    const list = page.getByRole("list", { name: "Your sessions" });
    expect(await list.innerText()).toMatch(/127\.0\.0\.1|::1/);
    await page.getByRole("button", { name: "End all other sessions" }).click();
    await expect.poll(async () => await list.getByRole("listitem").count()).toBe(1);
    await ben.page.goto(`${panel.url}/me`);
    expect(ben.page.url()).toContain("/sign-in");
    await signIn(ben.page, BEN.email, BEN.password);
    await codeField(ben.page).fill(recovery[5] ?? "");
    await ben.page.getByRole("button", { name: "Go on" }).click();
    await ben.page.waitForURL(`${panel.url}/`);
  });

  it("a passkey is made, opens the panel without a password, and is removed", async () => {
    const { page } = anna;
    const device = await virtualDevice(page);
    await page.goto(`${panel.url}/me`);
    await page.getByLabel("Name of the passkey").fill("Anna’s key");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("The passkey was added.").waitFor();
    await page.getByRole("list", { name: "Passkeys" }).getByText("Anna’s key").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(`${panel.url}/`);
    await page.goto(`${panel.url}/me`);
    await page.getByText("with the second factor").first().waitFor();

    // Guessed at from the same place: the password waits, the passkey doesn't.
    const guesser = await stranger({ javaScript: false });
    for (let guess = 0; guess < 12; guess++) await signIn(guesser, ADMIN.email, `guess ${guess}`);
    await guesser
      .getByText(/Too many tries\. Wait \d+ seconds/)
      .first()
      .waitFor();
    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(`${panel.url}/`);
    // And so does the password on a device that she signed in with before.
    await signOut(page);
    await signIn(page, ADMIN.email, ADMIN.password);
    await page.waitForURL(`${panel.url}/`);

    await page.goto(`${panel.url}/me`);
    await page.getByRole("button", { name: "Remove the passkey Anna’s key" }).click();
    await page.getByText("You have none.").waitFor();
    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("The passkey was not accepted.").waitFor();
    await signIn(page, ADMIN.email, ADMIN.password);
    await page.waitForURL(`${panel.url}/`);
    await device.detach();
  });

  it("a role that needs a second factor opens nothing before it is set up", async () => {
    const { page } = anna;
    // Of the same device: guesses were made for strangers just before.
    const kept = await anna.context.storageState();
    const device = kept.cookies.filter(({ name }) => name === "portcullis.device");
    const other = await stranger({ javaScript: false, session: { cookies: device, origins: [] } });
    await page.goto(`${panel.url}/settings/operators`);
    await page.getByLabel("Administrators need a second factor").check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await panel.cli("panel", "list", "--json")).stdout)
      .toContain('"operators.secondFactorAdministrator": "on"');
    await page.goto(`${panel.url}/accounts`);
    await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
    for (const path of ["/", "/operators", "/me"]) {
      await page.goto(panel.url + path);
      await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
    }
    expect((await page.request.get(`${panel.url}/accounts/export?format=csv`)).status()).toBe(401);
    expect(await pageFaults(page)).toEqual([]);
    // The password alone leads there as well; the whole of it without JavaScript.
    await signIn(other, ADMIN.email, ADMIN.password);
    await other.getByRole("button", { name: "Set up an app for codes" }).click();
    const secret = (await other.getByLabel("Secret", { exact: true }).inputValue()).replaceAll(" ", "");
    const own = new TOTP({ secret });
    await codeField(other).fill(own.generate());
    await other.getByRole("button", { name: "Use this app" }).click();
    const codes = (await other.getByRole("textbox", { name: "Recovery codes" }).inputValue()).split("\n");
    expect(codes).toHaveLength(10);
    await other.getByRole("link", { name: "Go on to the panel" }).click();
    await other.getByRole("navigation", { name: "Pages" }).waitFor();
    // The session that had only the password is over.
    await page.goto(`${panel.url}/`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(page, ADMIN.email, ADMIN.password);
    await codeField(page).fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("navigation", { name: "Pages" }).waitFor();

    // Some time later, risky things ask again.
    const db = openDatabase(homeAt(panel.home).database);
    const before = new Date(Date.now() - 16 * 60_000);
    await db.session.updateMany({ data: { createdAt: before, confirmedAt: before } });
    await db.$disconnect();
    await page.goto(`${panel.url}/operators`);
    await page.getByText("To invite somebody, confirm first that it is you.").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.getByRole("link", { name: "Confirm" }).click();
    await codeField(page).fill("999999");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("This code is wrong").first().waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await codeField(page).fill(codes[1] ?? "");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("button", { name: "Make the invitation" }).waitFor();
    await panel.cli("panel", "set", "operators.confirmMinutes=60");
    // Of its own, since she will sign out.
    signedIn = await other.context().storageState();
  });

  it("the last administrator stays one", async () => {
    const { page } = anna;
    await page.goto(`${panel.url}/operators`);
    await page.getByRole("table", { name: "Operators" }).getByRole("link", { name: ADMIN.email }).click();
    await page.getByRole("heading", { name: ADMIN.email }).waitFor();
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("This is the last administrator who can sign in").waitFor();
    await page.getByLabel("Role", { exact: true }).selectOption("reviewer");
    await page.getByRole("button", { name: "Save role and domains" }).click();
    await expect.poll(async () => await page.getByText("This is the last administrator").count()).toBe(2);
    await page.goto(`${panel.url}/operators`);
    await page.getByText("(you)").waitFor();
  });

  it("changes a role, makes a link for a new password, and disables with all sessions", async () => {
    const { page } = anna;
    await page.goto(`${panel.url}/operators`);
    await page.getByRole("link", { name: BEN.email }).click();
    // The page before has fields of the same names.
    await page.getByRole("heading", { name: BEN.email }).waitFor();
    await page.getByLabel("Role", { exact: true }).selectOption("reviewer");
    await page.getByLabel("Domains", { exact: true }).fill("");
    await page.getByRole("button", { name: "Save role and domains" }).click();
    // Not by the page's facts: the scope's words stand at the field, too.
    await page.getByText("role operator → reviewer").waitFor();
    await ben.page.goto(`${panel.url}/me`);
    await ben.page.getByText("reviewer for the whole server").waitFor();
    await page.getByRole("button", { name: "Make a link for a new password" }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    expect(await pageFaults(page)).toEqual([]);

    const owner = await stranger({ javaScript: false });
    await owner.goto(link);
    await owner.getByLabel("Password", { exact: true }).fill("short");
    await owner.locator("form").evaluate((form: HTMLFormElement) => form.setAttribute("novalidate", ""));
    await owner.getByRole("button", { name: "Set the password" }).click();
    await owner.getByText("Use at least 12 characters.").first().waitFor();
    await owner.getByLabel("Password", { exact: true }).fill("another password of ben's");
    await owner.getByRole("button", { name: "Set the password" }).click();
    await owner.getByRole("heading", { name: "Sign in" }).waitFor();
    await ben.page.goto(`${panel.url}/me`);
    expect(ben.page.url()).toContain("/sign-in");
    await signIn(ben.page, BEN.email, "another password of ben's");
    await codeField(ben.page).fill(recovery[6] ?? "");
    await ben.page.getByRole("button", { name: "Go on" }).click();
    await ben.page.waitForURL(`${panel.url}/`);

    await page.reload();
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("1 session ended").waitFor();
    await ben.page.goto(`${panel.url}/`);
    expect(ben.page.url()).toContain("/sign-in");
    await signIn(ben.page, BEN.email, "another password of ben's");
    await ben.page.getByText("An administrator has disabled this operator.").first().waitFor();
  });

  it("the host is the way back in", async () => {
    const list = await panel.cli("admin", "list", "--json");
    expect(JSON.parse(list.stdout)).toMatchObject([
      { email: ADMIN.email, role: "administrator", scope: null, hasCodes: true, isDisabled: false },
      { email: BEN.email, role: "reviewer", isDisabled: true },
    ]);
    const reset = JSON.parse(
      (await panel.cli("admin", "reset", BEN.email, "--second-factor", "--json")).stdout,
    ) as { url: string };
    const page = await stranger();
    await page.goto(reset.url);
    expect(await pageFaults(page)).toEqual([]);
    await page.getByLabel("Password", { exact: true }).fill("a third password for ben");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(page, BEN.email, "a third password for ben");
    await page.waitForURL(`${panel.url}/`);
    expect((await panel.cli("admin", "reset", "nobody@panel.example")).code).toBe(2);
  });

  it("ten seconds of 50 guesses a second keep nobody out but the guesser", async () => {
    const form = await stranger({ javaScript: false });
    await form.goto(`${panel.url}/sign-in`);
    const hidden = await form
      .locator("form")
      .first()
      .evaluate((element: HTMLFormElement) => [...new FormData(element).entries()].map(([name]) => name));
    const values = await form
      .locator("form")
      .first()
      .evaluate((element: HTMLFormElement) => [...new FormData(element).values()].map(String));
    const fields = hidden.map((name, index) => [name, values[index] ?? ""] as const);
    const guess = (password: string, from: string, headers: Record<string, string> = {}) =>
      post(new URL("/sign-in", panel.url), from, headers, [
        ...fields.filter(([name]) => name !== "email" && name !== "password"),
        ["email", ADMIN.email],
        ["password", password],
      ]);
    const answers: ReturnType<typeof guess>[] = [];
    const begun = Date.now();
    let meanwhile: Promise<void> | undefined;
    for (let tick = 0; tick < 500; tick++) {
      // What a client says of where it comes from helps it nothing.
      const claim = { "x-forwarded-for": `198.51.100.${tick % 250}` };
      answers.push(guess(`guess ${tick}`, "127.0.0.9", claim));
      if (tick === 250)
        meanwhile = (async () => {
          const elsewhere = await guess(ADMIN.password, "127.0.0.10");
          expect(elsewhere.location).toContain("/sign-in/second-factor");
          await signOut(anna.page);
          await signIn(anna.page, ADMIN.email, ADMIN.password);
          await anna.page.getByRole("heading", { name: "Second factor" }).waitFor();
        })();
      await sleep(Math.max(0, begun + (tick + 1) * 20 - Date.now()));
    }
    await meanwhile;
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    const slowed = bodies.filter((body) => /Too many tries/.test(body)).length;
    const tried = bodies.filter((body) => /is wrong\./.test(body)).length;
    expect(slowed + tried).toBe(500);
    // Ten a minute: two minutes at the most where the machine is slow.
    expect(tried).toBeLessThanOrEqual(20);
    // From where the guesses come, the right password waits as well: it can't be told from a guess.
    expect((await guess(ADMIN.password, "127.0.0.9")).body).toContain("Too many tries");
  });

  it("is a page for a phone in the dark as well", async () => {
    const page = await stranger({ session: signedIn, narrow: true, dark: true });
    for (const path of ["/operators", "/me", "/settings/operators"])
      expect(await dressedFor(path, page), path).toEqual([]);
    await page.goto(`${panel.url}/operators`);
    await page.getByRole("link", { name: BEN.email }).click();
    await page.getByRole("heading", { name: BEN.email }).waitFor();
    expect(await pageFaults(page)).toEqual([]);
    const guest = await stranger({ narrow: true, dark: true });
    for (const path of ["/sign-in", "/invite/forged", "/reset/forged"])
      expect(await dressedFor(path, guest), path).toEqual([]);
  });
});

/** A heading and a form have the word in their names as well. */
function codeField(page: Page) {
  return page.getByRole("textbox", { name: "Code", exact: true });
}

/** A form as a program sends it, from an address of this machine. */
async function post(
  url: URL,
  localAddress: string,
  headers: Record<string, string>,
  fields: readonly (readonly [string, string])[],
): Promise<{ body: string; location: string }> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  return await new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port: url.port,
        path: url.pathname,
        method: "POST",
        localAddress,
        headers: {
          ...headers,
          host: url.host,
          origin: url.origin,
          "content-type": encoded.headers.get("content-type") ?? "",
          "content-length": String(body.length),
        },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () => resolve({ body: text, location: response.headers.location ?? "" }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A device with a finger on it, as Chromium plays one. */
async function virtualDevice(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return devtools;
}
