import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiProblem } from "@/lib/api-client/caller";
import { ApiClient } from "@/lib/api-client/client";
import { PORTCULLIS } from "../support/cli";
import { withImap } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";
import { runToEnd } from "../support/run-script";

const ANNA = "anna@riverside.example";

/** Between the two the panel may have asked Dovecot about an account once more. */
const calm = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "then");

describe("the command line over the API", () => {
  let panel: RunningPanel;
  let token: string;
  let reader: string;

  async function make(...args: string[]): Promise<string> {
    return (
      JSON.parse((await panel.cli("token", "make", "cli", "--json", ...args)).stdout) as { token: string }
    ).token;
  }

  /** Where there is no panel on the host. */
  async function remote(...args: string[]) {
    return await remoteWith(token, ...args);
  }

  async function remoteWith(secret: string, ...args: string[]) {
    return await runToEnd(PORTCULLIS, args, {
      PORTCULLIS_HOME: "/nonexistent",
      PORTCULLIS_API_URL: panel.url,
      PORTCULLIS_API_TOKEN: secret,
    });
  }

  beforeAll(async () => {
    panel = await startPanel();
    [token, reader] = [await make("--write"), await make()];
  });
  afterAll(async () => {
    await panel?.remove();
  });

  it.each([
    ["mailserver get"],
    ["mailserver history"],
    ["accounts list"],
    ["accounts list --limit 2 --after dmitri@harbour.example --sort address"],
    [`accounts show ${ANNA} --no-proof`],
    ["domains list"],
    ["domains show riverside.example --no-proof"],
    ["domains show * --no-proof"],
    ["jobs list"],
    ["sessions list"],
  ])("%s answers as on the host, with and without --json", async (line) => {
    const words = line.split(" ");
    for (const args of [[...words, "--json"], words]) {
      const both = async () => {
        const answers = [await remote(...args), await panel.cli(...args)];
        return answers.map(({ code, stdout, stderr }) => [code, calm(stdout), stderr]);
      };
      let [there, here] = await both();
      // The keeper may have asked Dovecot between the two.
      if (JSON.stringify(there) !== JSON.stringify(here)) [there, here] = await both();
      expect(there).toEqual(here);
    }
  });

  it("sees the status", async () => {
    const { code, stdout } = await remote("status", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      files: "as-applied",
      loaded: true,
      access: { enforced: true },
    });
  });

  it("sets, suspends and resumes an account, and a domain", async () => {
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await remote(...args, "--json");
      expect([code, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    expect(await json("accounts", "set", ANNA, "pop3=deny", "--reason", "why")).toMatchObject({
      outcome: "changed",
      enforced: true,
      pop3: { effective: "deny", proof: { seen: "deny", matches: true } },
    });
    expect(await json("accounts", "set", ANNA, "pop3=inherit", "--expect", "deny")).toMatchObject({
      outcome: "changed",
    });
    expect(await remote("accounts", "set", ANNA, "pop3=allow", "--expect", "deny")).toMatchObject({
      code: 4,
    });
    expect(await json("accounts", "suspend", ANNA, "--reason", "unpaid")).toMatchObject({
      suspensions: [{ level: "account" }],
    });
    expect(await json("accounts", "resume", ANNA)).toMatchObject({ suspensions: [] });
    expect(await json("domains", "set", "harbour.example", "pop3=deny")).toMatchObject({
      pop3: { policy: "deny" },
    });
    expect(await json("domains", "set", "harbour.example", "pop3=inherit")).toMatchObject({
      pop3: { policy: "inherit" },
    });
  });

  it("sets the server, refuses what came between, and takes it back", async () => {
    const off = await remote("mailserver", "set", "pop3=off", "--json");
    expect([off.code, off.stderr]).toEqual([0, ""]);
    expect(JSON.parse(off.stdout)).toMatchObject({ outcome: "applied", revision: 2 });
    const late = await remote("mailserver", "set", "pop3=on", "--revision", "1", "--json");
    expect(late.code).toBe(4);
    expect((await remote("mailserver", "set", "imap=off")).code).toBe(2);
    expect((await remote("mailserver", "set", "nothing=1")).code).toBe(2);
    expect((await remote("mailserver", "undo", "2")).code).toBe(0);
    expect((await panel.cli("verify")).code).toBe(0);
  });

  it("does one act upon many, as on the host", async () => {
    const filter = ["--all-matching", "--domain", "harbour.example", "--reason", "moving"];
    const foreseen = await remote("accounts", "set", ...filter, "pop3=deny", "--dry-run", "--json");
    expect(foreseen).toMatchObject({ code: 0 });
    expect(foreseen.stdout).toBe(
      (await panel.cli("accounts", "set", ...filter, "pop3=deny", "--dry-run", "--json")).stdout,
    );
    const { preview } = JSON.parse(foreseen.stdout) as { preview: { changing: number } };
    expect(preview.changing).toBeGreaterThan(1);
    expect(await remote("accounts", "set", ...filter, "pop3=deny")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Add --yes"),
    });

    const done = await remote("accounts", "set", ...filter, "pop3=deny", "--until", "+7d", "--yes", "--json");
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      preview: { changing: preview.changing },
      job: { state: "done", done: preview.changing, change: expect.any(Number) },
      enforced: true,
      troubles: [],
    });
    const denied = await remote("accounts", "list", "--pop3", "deny", "--json");
    expect(denied.stdout.match(/@harbour\.example"/g)?.length).toBeGreaterThanOrEqual(preview.changing);
    for (const act of [["suspend", "--ticket", "7"], ["resume"], ["set", "pop3=inherit"]]) {
      const [verb = "", ...more] = act;
      expect(await remote("accounts", verb, ...filter, ...more, "--yes")).toMatchObject({ code: 0 });
    }
    expect(await remoteWith(reader, "accounts", "set", ...filter, "pop3=deny", "--yes")).toMatchObject({
      code: 3,
      stderr: "This token only reads.\n",
    });
  });

  it("ends sessions", async () => {
    const [account] = await panel.accounts();
    await withImap({ port: panel.ports.imap, account: account!, encryption: "none" }, async () => {
      const listed = JSON.parse((await remote("sessions", "list", "--json")).stdout) as {
        username: string;
      }[];
      expect(listed.map(({ username }) => username)).toContain(account!.address);
      const would = await remote("sessions", "end", "--q", account!.address, "--dry-run", "--json");
      expect(JSON.parse(would.stdout)).toMatchObject({ dryRun: true, matching: 1 });
    });
  });

  it("says what can't be done so, and why it isn't let", async () => {
    for (const words of [
      ["accounts", "sync"],
      ["token", "list"],
      ["accounts", "set", ANNA, "pop3=deny", "--dry-run"],
    ]) {
      const { code, stderr } = await remote(...words);
      expect([code, stderr]).toEqual([2, expect.stringContaining("can't be done over the API")]);
    }
    expect(await remote("accounts", "show", "nobody@riverside.example")).toMatchObject({ code: 2 });
    expect(await remoteWith(reader, "accounts", "set", ANNA, "pop3=deny")).toMatchObject({
      code: 3,
      stderr: "This token only reads.\n",
    });
    expect((await remoteWith("pcl_forged", "status")).code).toBe(3);
    expect(
      (await runToEnd(PORTCULLIS, ["--url", panel.url, "status"], { PORTCULLIS_API_TOKEN: "" })).code,
    ).toBe(2);
    expect((await runToEnd(PORTCULLIS, ["--url", "http://127.0.0.1:9", "--token", "x", "status"])).code).toBe(
      1,
    );
  });

  it("the client is typed, and throws problems", async () => {
    const client = new ApiClient(panel.url, token);
    const { body, etag } = await client.showAccount({ params: { address: ANNA } });
    expect(body.imap.effective).toBe("allow");
    const write = (ifMatch: string) =>
      client.setAccount({ params: { address: ANNA }, body: { imap: "allow", proof: false }, ifMatch });
    expect((await write(etag ?? "")).body.outcome).toBe("changed");
    await expect(write(etag ?? "")).rejects.toThrow(ApiProblem);
  });
});
