import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BulkInput } from "@/lib/core/access/bulk";
import { NO_FILTER } from "@/lib/core/access/filter";
import { mendMap } from "@/lib/server/access/mend-map";
import { undoChange } from "@/lib/server/access/undo";
import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { workAtJob } from "@/lib/server/jobs/run";
import { addJob, cancelJob, findJob, resumeJob } from "@/lib/server/jobs/store";
import { DOVECOTS } from "../support/dovecot-versions";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const TESTER = { name: "tester", origin: "cli" as const };
const COUNT = 12_000;

// What is tested is the job; one version's daemon proves its outcome.
describe.each(DOVECOTS.slice(0, 1))("many accounts at once, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    const names = Array.from({ length: COUNT }, (_, index) => `user${index}@site${index % 30}.test`);
    await addSeen(sandbox.node.db, names, new Date());
    await countDomains(sandbox.node.db);
  });
  afterAll(async () => await sandbox?.remove());

  const denyAll: BulkInput = {
    target: { filter: { ...NO_FILTER, q: "user" } },
    act: { kind: "policy", protocols: ["pop3"], state: "deny", until: null },
    reason: "cleaning up",
  };
  const start = async (input: unknown, kind = "bulk-access", total = COUNT) =>
    await addJob(sandbox.node, { kind, input, total, actor: TESTER });
  const denied = async () => [...sandbox.node.map.rows()].filter(({ k }) => k.startsWith("user")).length;

  it("is one change, in chunks, that can be cancelled, resumed, done again for nothing, and undone", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { node } = sandbox;
    const id = await start(denyAll);
    const work = workAtJob(node, id);
    await expect.poll(async () => (await findJob(node, id))?.done ?? 0, { interval: 5 }).toBeGreaterThan(0);
    await cancelJob(node, id, TESTER);
    await work;
    const cancelled = await findJob(node, id);
    expect(cancelled).toMatchObject({ state: "cancelled", total: COUNT });
    const part = await denied();
    expect(part).toBe(cancelled?.done);
    expect(part).toBeLessThan(COUNT);

    await resumeJob(node, id, TESTER, "administrator");
    expect(await workAtJob(node, id)).toBe(true);
    expect(await findJob(node, id)).toMatchObject({
      state: "done",
      done: COUNT,
      notes: expect.arrayContaining([`${COUNT.toLocaleString("en")} rules changed.`]),
    });
    expect(await denied()).toBe(COUNT);
    const change = await node.db.accessChange.findFirstOrThrow({ orderBy: { id: "desc" } });
    expect(change).toMatchObject({
      sentence: `Deny POP3 for ${COUNT.toLocaleString("en")} accounts`,
      count: COUNT,
      reason: "cleaning up",
    });

    const again = await start(denyAll);
    await workAtJob(node, again);
    expect(await findJob(node, again)).toMatchObject({
      state: "done",
      notes: ["Everything was so already."],
    });

    // Somebody changes one of them in between: his word stands.
    await node.db.policy.updateMany({ where: { subject: "user7@site7.test" }, data: { state: "allow" } });
    expect(await undoChange(node, change.id, TESTER, "administrator", "")).toEqual({
      kind: "large",
      count: COUNT,
    });
    const undo = await start({ changeId: change.id, rank: "administrator", reason: "" }, "bulk-undo");
    await workAtJob(node, undo);
    expect(await findJob(node, undo)).toMatchObject({
      state: "done",
      notes: expect.arrayContaining([
        `${(COUNT - 1).toLocaleString("en")} rules put back.`,
        "1 were changed again since and stay as they are.",
      ]),
    });
    expect(await undoChange(node, change.id, TESTER, "administrator", "")).toMatchObject({ kind: "already" });
    await mendMap(node);
    expect(await denied()).toBe(1);
  });

  it("suspends and resumes many, by name", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { node } = sandbox;
    const addresses = Array.from({ length: 500 }, (_, index) => `user${index}@site${index % 30}.test`);
    const suspend = await start(
      {
        target: { addresses },
        act: { kind: "suspend", protocol: "all", rank: "operator", reason: "bill", ticket: "9", until: null },
        reason: "",
      },
      "bulk-access",
      500,
    );
    await workAtJob(node, suspend);
    expect(await node.db.suspension.count()).toBe(500);
    const lower = await start(
      { target: { addresses }, act: { kind: "resume", protocol: "all", rank: "team" }, reason: "" },
      "bulk-access",
      500,
    );
    await workAtJob(node, lower);
    expect(await findJob(node, lower)).toMatchObject({
      notes: ["500 suspensions were set by a higher rank and stand."],
    });
    expect(await node.db.suspension.count()).toBe(500);
    const resume = await start(
      { target: { addresses }, act: { kind: "resume", protocol: "all", rank: "operator" }, reason: "" },
      "bulk-access",
      500,
    );
    await workAtJob(node, resume);
    expect(await node.db.suspension.count()).toBe(0);
    expect(await mendMap(node)).toEqual({ rebuilt: false, rows: 0 });
  });

  it("a job whose process died is taken over where it stopped", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { node } = sandbox;
    const id = await start(denyAll);
    await node.db.job.update({
      where: { id },
      data: { state: "running", beatAt: new Date(Date.now() - 60_000) },
    });
    expect(await workAtJob(node)).toBe(true);
    expect(await findJob(node, id)).toMatchObject({ state: "done" });
  });
});
