import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindError } from "@/lib/system/bind";
import { openBrowser, visit } from "../support/browser";
import { readByImap } from "../support/mail-clients";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";
import { freePorts } from "../support/ports";

type Panel = Awaited<ReturnType<typeof startPanel>>;

describe("what a newcomer gets", () => {
  let panel: Panel;
  let browser: Browser;
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel({ withAdmin: false }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });

  const setupLink = (of: RunningPanel) => /First visit: (\S+)/.exec(of.output())?.[1] ?? "";

  it("a panel that answers, a private mail server with mail in it, and a one-time link", async () => {
    expect(panel.output()).toContain(`Portcullis is ready: ${panel.url}`);
    expect(setupLink(panel)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]{32}$/);
    expect((await fetch(`${panel.url}/api/health`)).status).toBe(200);
    for (const account of await panel.accounts()) {
      const subjects = await readByImap({ port: panel.ports.imaps, account, encryption: "tls" });
      expect(subjects.length, account.address).toBeGreaterThan(2);
    }
  });

  it("no way in without the link's token", async () => {
    const { page, context } = await visit(browser);
    await page.goto(panel.url);
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    expect(await page.locator("main").innerText()).toContain("There is no administrator yet");
    await page.goto(`${panel.url}/setup?token=wrong`);
    expect(await page.locator("main").innerText()).toContain("not the one that was printed");
    await page.getByLabel("Set-up token").fill("wrong");
    await page.getByLabel("Name").fill("Mallory");
    await page.getByLabel("E-mail address").fill("mallory@evil.example");
    await page.getByLabel("Password").fill("long enough for sure");
    await page.getByRole("button", { name: "Make administrator" }).click();
    await page.getByText("This is not the token").first().waitFor();
    await context.close();
  });

  it.each([false, true])(
    "the first administrator by the link, with each mistake told beside its field (JavaScript %s)",
    async (javaScript) => {
      const { page, context } = await visit(browser, { javaScript });
      await page.goto(setupLink(panel));
      if (javaScript) {
        // The run without JavaScript made the administrator: the link is used up.
        expect(new URL(page.url()).pathname).toBe("/sign-in");
        await context.close();
        return;
      }
      await page.getByLabel("Name").fill("Anna");
      await page.getByLabel("E-mail address").fill(ADMIN.email);
      await page.getByLabel("Password").fill("short");
      await page
        .locator("#password")
        .evaluate((input) => input.removeAttribute("minlength"))
        .catch(() => {});
      await page
        .locator("form")
        .evaluate((form: HTMLFormElement) => form.setAttribute("novalidate", ""))
        .catch(() => {});
      await page.getByRole("button", { name: "Make administrator" }).click();
      await page.getByText("Use at least 12 characters.").first().waitFor();
      expect(await page.getByLabel("Name").inputValue()).toBe("Anna");
      expect(await page.getByLabel("E-mail address").inputValue()).toBe(ADMIN.email);
      await page.getByLabel("Password").fill(ADMIN.password);
      await page.getByRole("button", { name: "Make administrator" }).click();
      await page.waitForURL(`${panel.url}/`);
      await context.close();
    },
  );

  it("signing out and in, where a wrong password is told and the address kept", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${panel.url}/sandbox`);
    expect(page.url()).toContain("/sign-in?next=%2Fsandbox");
    await page.getByLabel("E-mail address").fill(ADMIN.email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail address or password is wrong.").first().waitFor();
    expect(await page.getByLabel("E-mail address").inputValue()).toBe(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${panel.url}/sandbox`);
    const [first] = await panel.accounts();
    expect(await page.locator("main").innerText()).toContain(first!.password);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${panel.url}/sign-in`);
    await page.goto(`${panel.url}/mailserver`);
    expect(page.url()).toContain("/sign-in");
    await context.close();
  });

  it("a second copy beside it, and a plain word where a port or the home is taken", async () => {
    const other = await startPanel();
    expect((await fetch(`${other.url}/api/health`)).status).toBe(200);
    expect((await fetch(`${panel.url}/api/health`)).status).toBe(200);
    await expect(startPanel({ like: other })).rejects.toThrow(/already runs for .*\n.*Stop it with Ctrl-C/);
    await other.remove();

    const [port = 0] = await freePorts(1);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen({ host: "127.0.0.1", port }, resolve));
    await expect(
      startPanel({ environment: { PORT: String(port), PORTCULLIS_IMAP_PORT: String(port) } }),
    ).rejects.toThrow(
      new RegExp(
        `PORTCULLIS_IMAP_PORT and PORT are both ${port}[\\s\\S]*Port ${port} on 127.0.0.1, for the panel, is in use by another program. Choose another: PORT=${port + 1} npm start`,
      ),
    );
    await new Promise((resolve) => squatter.close(resolve));
  });

  it("an end by Ctrl-C of all that was started, and a second start that finds everything as it was", async () => {
    await panel.cli("mailserver", "set", "pop3=off", "--reason", "kept over a restart");
    const pids = await panel.pids();
    expect(pids).toHaveLength(2);
    expect(await panel.end()).toBe(0);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
    await expect(fetch(`${panel.url}/api/health`)).rejects.toThrow();

    const again = await startPanel({ like: panel });
    expect(again.output()).not.toMatch(/installing|building|generating|made, with sample/);
    expect(again.output()).toContain("revision 2 is in force");
    expect(await again.cli("verify")).toMatchObject({ code: 0 });
    await again.end("SIGTERM");
  });

  it.each(["private Dovecot  starting", "panel            starting"])(
    "nothing left running after Ctrl-C while it says %s",
    async (moment) => {
      await expect(startPanel({ like: panel, interruptAt: moment })).rejects.toThrow(
        "everything it started is down",
      );
      expect(existsSync(`${panel.home}/running.json`)).toBe(false);
      for (const port of [panel.ports.imap, panel.ports.lmtp, Number(panel.environment.PORT)])
        expect(await bindError("127.0.0.1", port), `port ${port}`).toBeUndefined();
    },
  );

  it("a panel that dies is started again while mail goes on; a start that is killed is tidied up after", async () => {
    const killed = await startPanel({ like: panel });
    const [dead = 0, dovecot = 0] = await killed.pids();
    process.kill(dead, "SIGKILL");
    await expect.poll(() => killed.output(), { timeout: 30_000 }).toContain("The panel was started again.");
    const pids = await killed.pids();
    expect(pids[0]).not.toBe(dead);
    expect(pids[1]).toBe(dovecot);
    expect((await fetch(`${killed.url}/api/health`)).status).toBe(200);

    await killed.end("SIGKILL");
    await sleep(200);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual(pids);
    const again = await startPanel({ like: panel });
    expect(again.output()).toMatch(/tidied up +panel \(pid \d+\) was left over/);
    expect(await again.cli("verify")).toMatchObject({ code: 0 });
    await again.end();
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});
