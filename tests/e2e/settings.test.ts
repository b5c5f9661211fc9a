import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  applyReviewed,
  newSession,
  openBrowser,
  pageFaults,
  type Session,
  type Visitor,
  visit,
} from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { type RunningPanel, startPanel } from "../support/panel";
import { plainImapLogin, tlsHandshake } from "../support/raw-clients";

describe.each(DOVECOTS)("the settings on the page, Dovecot $family", (dovecot) => {
  let panel: RunningPanel;
  let browser: Browser;
  let session: Session;
  let accounts: { address: string; password: string }[];
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    if (dovecot.missing) return;
    [panel, browser] = await Promise.all([startPanel({ family: dovecot.family }), openBrowser()]);
    if (!panel.isPrivate) await takeDefaults();
    [accounts, session] = await Promise.all([panel.accounts(), newSession(browser, panel.url)]);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });

  const open = async (options: Parameters<typeof visit>[1] = {}, query = ""): Promise<Page> => {
    const visitor = await visit(browser, { session, ...options });
    visitors.push(visitor);
    await visitor.page.goto(`${panel.url}/mailserver${query}`);
    return visitor.page;
  };
  const row = (page: Page, key: string) => page.locator(`#row-${key}`);
  const save = async (page: Page) => await page.getByRole("button", { name: "Save and review" }).click();
  const answer = async (page: Page) =>
    await page
      .locator("form")
      .filter({ has: page.getByRole("switch", { name: "POP3" }) })
      .getByRole("status")
      .innerText();
  /** Where an installation of its own begins. An adopted server begins with what was found in its files. */
  const takeDefaults = async () => {
    // Protocols have none.
    const keys = Object.keys((await wanted()) as object).filter((key) => key !== "imap" && key !== "pop3");
    const { code, stdout, stderr } = await panel.cli(
      "mailserver",
      "set",
      ...keys.map((key) => `${key}=default`),
      "--accept-warnings",
    );
    if (code !== 0) throw new Error(stdout + stderr);
  };
  const wanted = async (...keys: string[]) =>
    (JSON.parse((await panel.cli("mailserver", "get", ...keys, "--json")).stdout) as { settings: unknown })
      .settings;

  it("changes several at once, and the daemon obeys", async () => {
    const page = await open();
    await page.getByLabel("SSL Minimum Protocol").selectOption("TLSv1.3");
    await page.getByLabel("Maximum IMAP Connections per User and IP").fill("1");
    await expect.poll(async () => await page.getByText("2 unsaved changes").count()).toBe(1);
    expect(await row(page, "tls_min_protocol").getByText("Unsaved").isVisible()).toBe(true);
    expect(await row(page, "tls_ciphers").getByText("Unsaved").isVisible()).toBe(false);
    await save(page);
    expect(await applyReviewed(page)).toMatch(
      /Saved as revision \d+: Set SSL Minimum Protocol to TLSv1\.3, Set Maximum IMAP Connections.*to 1 connection\.\s+In force/,
    );
    expect(await tlsHandshake(panel.ports.imaps, "TLSv1.2")).toContain("refused");
    expect(await tlsHandshake(panel.ports.imaps, "TLSv1.3")).toContain("TLSv1.3");
    const first = await plainImapLogin(panel.ports.imap, accounts[0]!);
    const second = await plainImapLogin(panel.ports.imap, accounts[0]!);
    expect([first.answer, second.answer].map((text) => text.slice(0, 6))).toEqual(["a OK [", "a NO ["]);
    for (const { client } of [first, second]) client.close();
    await page.goto(`${panel.url}/mailserver`);
    // What differs from the default says so, and goes back to it by itself.
    const differs = row(page, "tls_min_protocol").getByText("Differs from the default.");
    expect(await differs.isVisible()).toBe(true);
    for (const key of ["tls_min_protocol", "imap_max_connections"])
      await row(page, key).getByRole("button", { name: "Use default" }).click();
    await expect.poll(() => page.getByLabel("SSL Minimum Protocol").inputValue()).toBe("TLSv1.2");
    expect(await page.getByLabel("Maximum IMAP Connections per User and IP").inputValue()).toBe("20");
    expect(await wanted("tls_min_protocol")).toEqual({ tls_min_protocol: "TLSv1.3" });
    await save(page);
    expect(await applyReviewed(page)).toContain("Set SSL Minimum Protocol to TLSv1.2");
    expect(await tlsHandshake(panel.ports.imaps, "TLSv1.2")).toContain("TLSv1.2");
    await page.goto(`${panel.url}/mailserver`);
    expect(await differs.isVisible()).toBe(false);
  });

  it("shows what this Dovecot lacks, disabled and with the version that has it", async () => {
    const page = await open();
    const weak = row(page, "weak_auth_schemes");
    if (dovecot.family === "2.3") {
      expect(await weak.innerText()).toContain("Needs Dovecot 2.4; this server runs 2.3");
      expect(await weak.getByLabel("On", { exact: true }).isDisabled()).toBe(true);
      expect(await page.getByLabel("TLS 1.3 Cipher Suites").isDisabled()).toBe(true);
    } else {
      expect(await weak.innerText()).not.toContain("Needs Dovecot");
      expect(await weak.getByLabel("On", { exact: true }).isDisabled()).toBe(false);
    }
  });

  // What follows doesn't hang on the version, so one is enough.
  if (dovecot !== DOVECOTS[0]) return;

  it.each([true, false])("loses nothing of a form that is refused (JavaScript %s)", async (javaScript) => {
    const page = await open({ javaScript });
    const before = await wanted();
    await page.getByLabel("IMAP Port", { exact: true }).fill("seventy");
    await page.getByLabel("SSL Cipher List").fill("NOPE");
    await page.getByLabel("LMTP Process Limit").fill("40");
    await row(page, "compress").getByLabel("On").check();
    await page.getByRole("switch", { name: "POP3" }).click();
    await page.getByLabel("Reason").fill("a try");
    await save(page);
    await expect.poll(() => answer(page)).toContain("Nothing was saved or changed.");
    expect(await row(page, "imap_port").innerText()).toContain("must be a whole number from 1 to 65535");
    expect(await row(page, "tls_ciphers").innerText()).toContain("nothing that this server's OpenSSL knows");
    expect(await page.getByLabel("IMAP Port", { exact: true }).inputValue()).toBe("seventy");
    expect(await page.getByLabel("IMAP Port", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("SSL Cipher List").inputValue()).toBe("NOPE");
    expect(await page.getByLabel("LMTP Process Limit").inputValue()).toBe("40");
    expect(await row(page, "compress").getByLabel("On").isChecked()).toBe(true);
    expect(await page.getByRole("switch", { name: "POP3" }).isChecked()).toBe(false);
    expect(await page.getByLabel("Reason").inputValue()).toBe("a try");
    expect(await row(page, "lmtp_max_processes").getByText("Unsaved").isVisible()).toBe(true);
    if (javaScript) expect(await pageFaults(page)).toEqual([]);
    // The complaint leads to its field.
    expect(await page.getByRole("link", { name: /^IMAP Port must be/ }).getAttribute("href")).toBe(
      "#row-imap_port",
    );
    expect(await wanted()).toEqual(before);
    await page.getByRole("link", { name: "Reset Form" }).click();
    await expect.poll(() => page.getByLabel("IMAP Port", { exact: true }).inputValue()).toBe("");
    expect(await page.getByRole("switch", { name: "POP3" }).isChecked()).toBe(true);
  });

  it("asks for a tick where something is weak but legal", async () => {
    const page = await open();
    const fromElsewhere = async () => {
      const { client, answer: said } = await plainImapLogin(panel.ports.imap, accounts[1]!, "127.0.0.2");
      client.close();
      return said;
    };
    expect(await fromElsewhere()).toContain("[PRIVACYREQUIRED]");
    await row(page, "plaintext_auth").getByLabel("On", { exact: true }).check();
    await save(page);
    await page.getByLabel("Save it all the same").waitFor();
    expect(await row(page, "plaintext_auth").innerText()).toContain(
      "lets passwords cross the network in the clear",
    );
    expect(await fromElsewhere()).toContain("[PRIVACYREQUIRED]");
    await page.getByLabel("Save it all the same").check();
    await save(page);
    expect(await applyReviewed(page)).toContain("Turn on Allow Plaintext Authentication");
    expect(await fromElsewhere()).toMatch(/^a OK/);
    expect(await panel.cli("mailserver", "set", "plaintext_auth=default")).toMatchObject({ code: 0 });
    expect(await fromElsewhere()).toContain("[PRIVACYREQUIRED]");
  });

  it("shows what a profile would change before anything is set, with JavaScript off", async () => {
    const page = await open({ javaScript: false });
    const before = await wanted();
    await page.getByRole("link", { name: "Small server" }).click();
    await page.getByText(/^Small server would change these \d+ settings\. Nothing is set yet\.$/).waitFor();
    const change = page.getByRole("row").filter({ hasText: "Process Memory Limit: config" });
    expect(await change.innerText()).toMatch(/2,048 MB\s+512 MB/);
    expect(await page.getByLabel("Process Memory Limit: config").inputValue()).toBe("512");
    expect(await row(page, "config_memory_mb").getByText("Unsaved").isVisible()).toBe(true);
    expect(await wanted()).toEqual(before);
    await page.getByLabel("Process Memory Limit: config").fill("600");
    await save(page);
    expect(await applyReviewed(page)).toMatch(/Saved as revision \d+: .*config to 600 MB/);
    await page.goto(`${panel.url}/mailserver`);
    await page.getByRole("link", { name: "Use Default Values" }).click();
    await page.getByText(/^Default values would change/).waitFor();
    expect(await page.getByLabel("Process Memory Limit: config").inputValue()).toBe("2048");
    await save(page);
    expect(await applyReviewed(page)).toMatch(/Saved as revision/);
    expect(await wanted()).toEqual(before);
  });

  it("searches labels and help: while somebody types, and by an address without JavaScript", async () => {
    const page = await open();
    await page.locator("body").press("/");
    await page.keyboard.type("cipher");
    await expect.poll(() => row(page, "imap_port").isVisible()).toBe(false);
    expect(await row(page, "tls_ciphers").isVisible()).toBe(true);
    expect(await page.getByRole("heading", { name: "Storage" }).isVisible()).toBe(false);
    expect(new URL(page.url()).searchParams.get("q")).toBe("cipher");
    await page.getByLabel("Search settings").fill("no such thing at all");
    await expect.poll(() => page.getByText("No setting has that.").isVisible()).toBe(true);
    await page.getByLabel("Search settings").fill("");
    expect(await row(page, "imap_port").isVisible()).toBe(true);

    const plain = await open({ javaScript: false });
    await plain.getByLabel("Search settings").fill("memory");
    await plain.getByRole("button", { name: "Find" }).click();
    await expect.poll(() => new URL(plain.url()).search).toBe("?q=memory");
    expect(await row(plain, "config_memory_mb").isVisible()).toBe(true);
    expect(await row(plain, "idle_check_s").isVisible()).toBe(false);
  });

  it("tells beside a setting what Dovecot has and where it comes from, without losing what was typed", async () => {
    const page = await open();
    await page.getByLabel("Idle Check Interval").fill("77");
    await row(page, "imap_port").getByRole("link", { name: "What Dovecot has" }).click();
    await row(page, "imap_port").getByText(`On disk: ${panel.ports.imap}.`).waitFor();
    expect(await row(page, "imap_port").innerText()).toMatch(
      /dovecot\.conf line \d+ sets it\. The running Dovecot has loaded it\./,
    );
    expect(await page.getByLabel("Idle Check Interval").inputValue()).toBe("77");
    const all = await open({ javaScript: false }, "?effective=all");
    expect(await all.getByText("Portcullis's file sets it.").count()).toBeGreaterThan(20);
  });

  it.each([
    { name: "wide, light", options: {}, query: "?preset=broad" },
    {
      name: "390 px, dark",
      options: { narrow: true, dark: true },
      query: "?preset=default&effective=all",
    },
  ])("has nothing for axe to find and nothing that scrolls sideways: $name", async ({ options, query }) => {
    const page = await open(options, query);
    expect(await pageFaults(page)).toEqual([]);
  });
});
