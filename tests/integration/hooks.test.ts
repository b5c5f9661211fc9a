import { createHmac } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HookEvent } from "@/lib/core/hooks/event";
import { changeAccess } from "@/lib/server/access/change";
import { standingAlarms } from "@/lib/server/alarms";
import { tellHooks } from "@/lib/server/hooks/tell";
import { hooksView } from "@/lib/server/hooks/view";
import { workAtJob } from "@/lib/server/jobs/run";
import { addJob, findJob } from "@/lib/server/jobs/store";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { DOVECOTS } from "../support/dovecot-versions";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

const ACTOR = { name: "tester", origin: "cli" } as const;
const SECRET = "a secret that signs";

const dovecot = DOVECOTS.find(({ missing }) => !missing) ?? DOVECOTS[0]!;

describe("hooks of the operator's", () => {
  let sandbox: TestSandbox;
  let receiver: Server;
  let url: string;
  let answer: { status: number; body: string } = { status: 204, body: "" };
  let posted: { body: string; signature: string }[] = [];
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        posted.push({ body, signature: String(request.headers["x-portcullis-signature"]) });
        response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/changes`;
  });
  afterAll(async () => {
    receiver?.close();
    await sandbox?.remove();
  });
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });
  afterEach(async () => {
    rmSync(sandbox.home.hooks, { recursive: true, force: true });
    await set({ webhookUrl: "", webhookAsks: "off", timeoutSeconds: "10", whenAskingFails: "refuse" });
    await sandbox.node.db.hookDelivery.deleteMany();
    answer = { status: 204, body: "" };
    posted = [];
  });

  const set = async (options: Record<string, string>) =>
    expect(await savePanelSettings(sandbox.node.db, ACTOR, "hooks", options)).toMatchObject({ ok: true });
  const program = (phase: "before" | "after", name: string, script: string, mode = 0o755) => {
    const folder = join(sandbox.home.hooks, `${phase}.d`);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), mode);
  };
  const account = () => sandbox.accounts[0]!.address;
  const deny = (state: "deny" | "inherit" = "deny") =>
    changeAccess(sandbox.node, {
      actor: ACTOR,
      rank: "administrator",
      reason: "test",
      edits: [{ kind: "policy", subject: account(), protocol: "pop3", state, until: null }],
    });
  const told = (name: string) => {
    const file = join(sandbox.home.folder, name);
    const event = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as HookEvent) : undefined;
    rmSync(file, { force: true });
    return event;
  };

  it("refuse a change of settings and of an account, with their sentence, and nothing is changed", async () => {
    program("before", "10-note", `cat > ${sandbox.home.folder}/asked`);
    program("before", "20-office-hours", "echo 'Only on weekdays.\u0007'; echo more; exit 1");
    const revision = await sandbox.node.db.revision.count();
    expect(await save(sandbox, { pop3: false })).toMatchObject({
      kind: "refused",
      problems: [{ key: "hook", message: "The hook 20-office-hours refuses it: Only on weekdays." }],
    });
    expect(told("asked")).toMatchObject({
      format: "portcullis-hook/1",
      phase: "before",
      kind: "settings",
      actor: "tester",
      sentences: ["Close POP3"],
      settings: { pop3: { from: true, to: false } },
      revision: null,
      outcome: null,
    });
    expect(await sandbox.node.db.revision.count()).toBe(revision);
    expect(await deny()).toEqual({
      kind: "not-allowed",
      sentence: "The hook 20-office-hours refuses it: Only on weekdays.",
    });
    expect(told("asked")).toMatchObject({ kind: "access", subjects: [account()], subjectsInAll: 1 });
    expect(await sandbox.node.db.policy.count({ where: { subject: account() } })).toBe(0);
  });

  it("refuse a job of many before its first account", async () => {
    program("before", "no", "echo Not today.; exit 3");
    const input = {
      target: { addresses: [account()] },
      act: { kind: "policy", protocols: ["pop3"], state: "deny", until: null },
      reason: "",
    };
    const id = await addJob(sandbox.node, { kind: "bulk-access", input, total: 1, actor: ACTOR });
    await workAtJob(sandbox.node, id);
    expect(await findJob(sandbox.node, id)).toMatchObject({
      state: "failed",
      notes: ["The hook no refuses it: Not today."],
    });
    expect(await sandbox.node.db.policy.count({ where: { subject: account() } })).toBe(0);
  });

  it("that are asked and fail refuse, or don't, as it is set; what goes back by itself is never refused", async () => {
    await set({ timeoutSeconds: "1" });
    program("before", "slow", "sleep 30");
    expect(await deny()).toMatchObject({
      sentence: expect.stringContaining("slow was asked and failed: it did not end within 1"),
    });
    await set({ whenAskingFails: "go-on" });
    expect(await deny()).toMatchObject({ kind: "done" });
    program("before", "slow", "echo never; exit 1");
    const byItself = await changeAccess(sandbox.node, {
      actor: { name: "keeper", origin: "keeper" },
      rank: "administrator",
      reason: "",
      edits: [{ kind: "policy", subject: account(), protocol: "pop3", state: "inherit", until: null }],
    });
    expect(byItself).toMatchObject({ kind: "done" });
  });

  it("that others could write are not run", async () => {
    program("before", "loose", `cat > ${sandbox.home.folder}/asked`, 0o777);
    expect(await deny()).toMatchObject({ sentence: expect.stringContaining("can be written by others") });
    expect(told("asked")).toBeUndefined();
    expect(await hooksView(sandbox.node)).toMatchObject({
      hooks: [
        { phase: "before", name: "loose", trouble: expect.stringContaining("can be written by others") },
      ],
    });
  });

  it("are told afterwards; one that fails is tried again, shown, and changes nothing", async () => {
    program("after", "tell", `cat > ${sandbox.home.folder}/told`);
    program("after", "worse", "echo no disk >&2; exit 9");
    expect(await deny()).toMatchObject({ kind: "done", enforced: true });
    await tellHooks(sandbox.node);
    expect(told("told")).toMatchObject({
      phase: "after",
      outcome: "done",
      subjects: [account()],
      changeId: expect.any(Number),
    });
    expect(await standingAlarms(sandbox.node.db)).toEqual([
      expect.objectContaining({
        key: "hook:worse",
        sentence: expect.stringContaining("it ended with 9: no disk"),
      }),
    ]);
    const { deliveries } = await hooksView(sandbox.node);
    expect(deliveries).toEqual([
      expect.objectContaining({ target: "worse", state: "waiting", tries: 1 }),
      expect.objectContaining({ target: "tell", state: "told", tries: 1, failure: "" }),
    ]);
    program("after", "worse", "exit 0");
    await sandbox.node.db.hookDelivery.updateMany({ where: { doneAt: null }, data: { nextAt: new Date() } });
    await tellHooks(sandbox.node);
    expect(await standingAlarms(sandbox.node.db)).toEqual([]);
    await deny("inherit");
  });

  it("are told of a job that fails half-way: what it changed by then, and that it isn't all", async () => {
    program("after", "tell", `cat > ${sandbox.home.folder}/told`);
    const addresses = sandbox.accounts.map(({ address }) => address);
    const act = { kind: "policy", protocols: ["pop3"], state: "deny", until: null };
    const input = { target: { addresses }, act, reason: "half" };
    const job = { kind: "bulk-access", input, actor: ACTOR, total: addresses.length };
    const id = await addJob(sandbox.node, job);
    const { map } = sandbox.node;
    const fullDisk: typeof map.exclusively = async (action) => {
      await map.exclusively(action);
      throw new Error("no space left");
    };
    await workAtJob(
      { ...sandbox.node, map: Object.assign(Object.create(map), { exclusively: fullDisk }) },
      id,
    );
    expect(await findJob(sandbox.node, id)).toMatchObject({ state: "failed" });
    await tellHooks(sandbox.node);
    expect(told("told")).toMatchObject({
      phase: "after",
      outcome: "failed",
      subjectsInAll: addresses.length,
      sentences: [expect.any(String), expect.stringContaining("It failed after")],
    });
    await deny("inherit");
  });

  it("by webhook are signed, asked where it is set, and may refuse", async () => {
    await set({ webhookUrl: url, webhookSecret: SECRET, webhookAsks: "on" });
    answer = { status: 422, body: JSON.stringify({ veto: "Ticket missing." }) };
    expect(await deny()).toEqual({
      kind: "not-allowed",
      sentence: "The webhook refuses it: Ticket missing.",
    });
    const { body, signature } = posted[0]!;
    const [, at, hash] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(hash).toBe(createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex"));
    answer = { status: 500, body: "" };
    expect(await deny()).toMatchObject({
      sentence: expect.stringContaining("webhook was asked and failed: 127.0.0.1"),
    });
    answer = { status: 204, body: "" };
    expect(await save(sandbox, { pop3_max_connections: 5 })).toMatchObject({ kind: "done" });
    await tellHooks(sandbox.node);
    const after = JSON.parse(posted.at(-1)!.body) as HookEvent;
    const asked = JSON.parse(posted.at(-2)!.body) as HookEvent;
    expect(after).toMatchObject({
      phase: "after",
      kind: "settings",
      outcome: "applied",
      revision: expect.any(Number),
    });
    expect(asked).toMatchObject({ phase: "before", id: after.id });
    expect(JSON.stringify(posted)).not.toContain(SECRET);
  });
});
