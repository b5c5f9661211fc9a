import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox } from "../support/helper-sandbox";
import { readByPop3 } from "../support/mail-clients";

/** The shortest that can be asked for, and what the helper waits for a panel that is alive. */
const SECONDS = 10;
const GRACE_S = 3;

const [dovecot] = DOVECOTS.filter(({ missing }) => !missing);

describe("a change on trial, and a panel that is gone: the helper takes it back", () => {
  let at: HelperSandbox;
  const missing = dovecot ? notRoot() : "There is no Dovecot here.";
  beforeAll(async () => {
    if (dovecot && !missing) at = await startHelperSandbox(dovecot);
  });
  afterAll(async () => await at?.remove());
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  const pop3 = async () =>
    await readByPop3({ port: at.sandbox.ports.pop3, account: at.sandbox.accounts[0]!, encryption: "none" });
  const isClosed = async () => await expect(pop3()).rejects.toThrow("ECONNREFUSED");
  const isBack = async () =>
    await expect.poll(pop3, { timeout: (SECONDS + GRACE_S + 8) * 1000 }).toBeGreaterThan(0);
  const live = () => readFileSync(join(dirname(at.sandbox.configFile), "portcullis/settings.conf"), "utf8");
  const trial = JSON.stringify({ patch: { pop3: false }, keepWithin: SECONDS });
  const wanted = async () =>
    (await at.run<{ wanted: { number: number; values: { pop3: boolean } } }>("status")).wanted;

  it("killed while the change is applied: the helper goes on, and takes it back in time, also over a kill of its own and a flood", async () => {
    const before = live();
    const child = at.spawn("save", trial);
    const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
    await expect.poll(live, { timeout: 15_000, interval: 5 }).not.toBe(before);
    child.kill("SIGKILL");
    expect(await ended).toBe("SIGKILL");
    await expect.poll(async () => await pop3().catch(String), { timeout: 5000 }).toContain("ECONNREFUSED");
    await expect.poll(() => at.log()).toContain("revision 2: applied, on trial for 10 s");
    await at.stopHelper("SIGKILL");
    await at.startHelper();
    // Others who ask for much don't put it off.
    const flood = at.spawn("flood", JSON.stringify({ seconds: 60 }));
    await sleep((SECONDS / 2) * 1000);
    await isClosed();
    await isBack();
    expect([flood.exitCode, flood.signalCode]).toEqual([null, null]);
    const flooded = new Promise((resolve) => flood.once("exit", resolve));
    flood.kill("SIGKILL");
    await flooded;
    await expect.poll(() => at.log()).toMatch(/revision 2 was not confirmed in 10 s; going back: applied/);
    expect(live()).toBe(before);

    // A panel that comes back doesn't apply it again, and writes down what became of it.
    expect(await at.run("start")).toMatchObject({ reconciled: { kind: "left", revision: 2 } });
    expect(live()).toBe(before);
    await at.run("trials");
    expect(await wanted()).toMatchObject({ number: 3, values: { pop3: true } });
    expect(await at.cli("verify")).toMatchObject({ code: 0 });
  }, 120_000);

  it("and only what nobody kept", async () => {
    const saved = await at.run<{ wanted: number }>("save", trial);
    expect(await at.cli("mailserver", "keep")).toMatchObject({ code: 0 });
    await sleep((SECONDS + GRACE_S + 2) * 1000);
    await isClosed();
    expect(await wanted()).toMatchObject({ number: saved.wanted, values: { pop3: false } });
    expect(at.log()).toContain(`revision ${saved.wanted} is kept`);
  });
});
