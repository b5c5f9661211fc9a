import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Checked } from "@/lib/server/doctor/check";
import { startPanel } from "../support/panel";

type Panel = Awaited<ReturnType<typeof startPanel>>;

describe("a panel that is backed up and put back", () => {
  let panel: Panel;
  let again: Panel | undefined;
  beforeAll(async () => {
    panel = await startPanel();
  });
  afterAll(async () => {
    await again?.end();
    await panel?.remove();
  });

  async function json<T>(of: Panel, ...args: string[]): Promise<T & { code: number | null }> {
    const { code, stdout, stderr } = await of.cli(...args, "--json");
    try {
      return { code, ...(JSON.parse(stdout) as T) };
    } catch (error) {
      throw new Error(`${args.join(" ")}: ${code} ${stdout}${stderr}`, { cause: error });
    }
  }

  it("has the state of that moment again, an audit that is whole, and tells what Dovecot does otherwise", async () => {
    const [anna] = await panel.accounts();
    const address = anna?.address ?? "";
    await panel.cli("accounts", "sync");
    await panel.cli("mailserver", "set", "pop3=off", "--reason", "before the backup");
    await panel.cli("accounts", "set", address, "imap=deny", "--reason", "before the backup");
    const { path } = await json<{ path: string }>(panel, "backup", "create");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await json(panel, "backup", "check", path)).toMatchObject({ code: 0, whole: true });
    // All that is well is seen to be, in the running product.
    const seen = await json<{ fail: number; checks: Checked[] }>(panel, "doctor");
    expect(seen.checks.filter(({ state }) => state === "fail")).toEqual([]);
    expect(seen.code).toBe(0);
    expect(seen.checks.find(({ id }) => id === "backup")).toMatchObject({ state: "ok" });
    expect(seen.checks.find(({ id }) => id === "access-proof")).toMatchObject({ state: "ok" });
    expect(seen.checks.find(({ id }) => id === "keeper")).toMatchObject({ state: "ok" });

    await panel.cli("mailserver", "set", "idle_check_s=45", "pop3=on", "--reason", "after the backup");
    await panel.cli("accounts", "set", address, "imap=inherit", "pop3=deny", "--reason", "after the backup");
    expect(await panel.cli("backup", "restore", path, "--yes")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("Stop it first"),
    });
    await panel.end();
    expect(await panel.cli("backup", "restore", path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Nothing was changed."),
    });
    const restored = await json<{ kept: string; differences: string[] }>(
      panel,
      "backup",
      "restore",
      path,
      "--yes",
    );
    expect(restored).toMatchObject({ code: 0, outcome: "restored", auditWhole: true });
    expect(restored.differences.join("\n")).toMatch(
      /settings.conf was edited by hand since it was last applied/,
    );
    expect(restored.differences.join("\n")).toMatch(/2 entries of the access map are otherwise/);
    expect(statSync(join(restored.kept, "portcullis.sqlite")).isFile()).toBe(true);

    again = await startPanel({ like: panel });
    const { settings } = await json<{ settings: Record<string, unknown> }>(panel, "mailserver", "get");
    expect(settings).toMatchObject({ pop3: false, idle_check_s: 30 });
    expect(await json(panel, "accounts", "show", address)).toMatchObject({
      imap: { effective: "deny", override: "deny" },
      pop3: { override: "inherit" },
    });
    expect(await panel.cli("audit", "verify")).toMatchObject({ code: 0 });
    const entries = (await panel.cli("audit", "list")).stdout;
    expect(entries).toContain("backup.restore");
    expect(entries).not.toContain("after the backup");
    expect(await panel.cli("drift")).toMatchObject({ code: 7 });
    expect(await panel.cli("drift", "restore")).toMatchObject({ code: 0 });
    expect(await panel.cli("drift")).toMatchObject({ code: 0 });
  });
});
