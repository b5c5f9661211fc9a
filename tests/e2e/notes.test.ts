import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, pageFaults } from "../support/browser";
import { operatorOf } from "../support/operator";
import { setRole } from "../support/operator-accounts";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";

const MINE = "anna@riverside.example";
const PAGE = "/accounts/anna%40riverside.example";
const HOSTILE = '<img src=x onerror="alert(1)"> "quoted" {{1+1}}';

describe("notes beside accounts and domains", () => {
  let panel: RunningPanel;
  let browser: Browser;
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startPanel(), openBrowser()]);
    await panel.cli("accounts", "sync");
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.remove();
  });

  const notes = (page: Page) => page.getByRole("region", { name: "Notes" });
  const listed = async () => {
    const { stdout } = await panel.cli("accounts", "notes", MINE, "--json");
    return JSON.parse(stdout) as { id: number; text: string; ticket: string; actor: string }[];
  };

  it.each([true, false])(
    "a reviewer of a domain writes and withdraws one (JavaScript: %s)",
    async (javaScript) => {
      await setRole(panel, ADMIN.email, "reviewer", ["riverside.example"]);
      const page = await open(PAGE, { javaScript });
      const write = page.getByRole("button", { name: "Write the note" });
      await page.getByLabel("Note", { exact: true }).fill(`${HOSTILE}\n=cmd()`);
      // What a browser would not let through is refused by the server as well, beside its field.
      if (javaScript)
        await page
          .getByLabel("Ticket", { exact: true })
          .evaluate((field) => field.removeAttribute("maxlength"));
      await page.getByLabel("Ticket", { exact: true }).fill("T".repeat(javaScript ? 65 : 64));
      await write.click();
      if (javaScript) {
        await page.getByText("Keep the ticket under 64 characters.").waitFor();
        expect(await page.getByLabel("Note", { exact: true }).inputValue()).toBe(`${HOSTILE}\n=cmd()`);
        await page.getByLabel("Ticket", { exact: true }).fill("OTRS-7");
        await write.click();
      }
      await notes(page).getByText("by anna@panel.example").waitFor();
      expect(await notes(page).innerText()).toContain(HOSTILE);
      const [note] = await listed();
      expect(note).toMatchObject({ text: `${HOSTILE}\n=cmd()`, actor: ADMIN.email });
      if (javaScript) expect(await pageFaults(page)).toEqual([]);
      await page.goto(`${panel.url}/accounts?note=yes`);
      const row = page.getByRole("row").filter({ hasText: MINE });
      expect(await row.innerText()).toContain(`1 note, ticket ${note?.ticket}`);
      expect(await page.getByRole("row").count()).toBe(2);
      const file = await page.context().request.get(`${panel.url}/accounts/export?format=csv&note=yes`);
      expect(await file.text()).toContain(`${note?.ticket},"#${note?.id} <img src=x`);
      await page.goto(`${panel.url}/accounts?note=no`);
      expect(await page.getByRole("row").filter({ hasText: MINE }).count()).toBe(0);
      await page.goto(panel.url + PAGE);
      await page.getByRole("button", { name: `Withdraw note ${note?.id}` }).click();
      await notes(page).getByText("None yet.").waitFor();
      expect(await listed()).toEqual([]);
    },
  );

  it("somebody else's is not withdrawn by a reviewer, nor what stands out of his domains", async () => {
    const { stdout } = await panel.cli("domains", "note", "riverside.example", "--text", "moves", "--json");
    const { id, actor } = JSON.parse(stdout) as { id: number; actor: string };
    const page = await open("/domains/riverside.example", { narrow: true, dark: true });
    await notes(page).getByText("moves").waitFor();
    expect(
      await notes(page)
        .getByRole("button", { name: /Withdraw/ })
        .count(),
    ).toBe(0);
    expect(await pageFaults(page)).toEqual([]);
    await page.getByLabel("Note", { exact: true }).fill("mine");
    await page.getByRole("button", { name: "Write the note" }).click();
    await notes(page).getByText("mine").waitFor();
    const withdraw = notes(page).getByRole("button", { name: /Withdraw/ });
    const tryWith = async (forged: number) => {
      await withdraw.evaluate((button, value) => button.setAttribute("value", String(value)), forged);
      await withdraw.click();
    };
    await tryWith(id);
    // Root at a shell, or the user of the home, whom root becomes there.
    expect(actor).toMatch(/^\w+$/);
    await page.getByText(`Only ${actor} and administrators may withdraw this note.`).waitFor();
    const foreign = await panel.cli("accounts", "note", "chloe@harbour.example", "--text", "hers", "--json");
    await page.reload();
    await tryWith((JSON.parse(foreign.stdout) as { id: number }).id);
    await page.getByText("There is no such note any more.").waitFor();
    expect((await panel.cli("accounts", "notes", "chloe@harbour.example")).stdout).toContain("hers");
    await setRole(panel, ADMIN.email, "administrator", null);
    await page.reload();
    await page.getByRole("button", { name: `Withdraw note ${id}` }).click();
    await expect.poll(async () => await notes(page).innerText()).not.toContain("moves");
    const told = await panel.cli("audit", "list", "--action", "note", "--json");
    expect(JSON.parse(told.stdout)).toMatchObject([
      { action: "note.withdraw", outcome: "done", before: ["moves"] },
      { action: "note.add", origin: "cli" },
      { action: "note.withdraw", outcome: "refused" },
      { action: "note.add", outcome: "done", subject: "@riverside.example", after: ["mine"] },
      { action: "note.add", origin: "cli", after: ["moves"] },
      { action: "note.withdraw" },
      { action: "note.add" },
      { action: "note.withdraw" },
      { action: "note.add" },
    ]);
    expect((await panel.cli("audit", "verify")).code).toBe(0);
  });

  it("the command line refuses what can't be a note, and what has none", async () => {
    for (const args of [
      ["accounts", "note", MINE],
      ["accounts", "note", MINE, "--text", " "],
      ["accounts", "note", MINE, "--text", "x", "--ticket", "x".repeat(65)],
      ["accounts", "note", "nobody@nowhere.example", "--text", "x"],
      ["accounts", "note", MINE, "--withdraw", "4711"],
      ["domains", "note", "*", "--text", "x"],
      ["domains", "notes", "nowhere.example"],
    ])
      expect([args, (await panel.cli(...args)).code]).toEqual([args, 2]);
  });
});
