import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { DOVECOTS } from "../support/dovecot-versions";
import { runToEnd } from "../support/run-script";
import { outcomeOf, save, startSandbox, type TestSandbox } from "../support/sandbox";

const PORTCULLIS = fileURLToPath(new URL("../../bin/portcullis", import.meta.url));

const [dovecot] = DOVECOTS.filter(({ family }) => family === "2.3");

describe("several at once", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (dovecot && !dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());

  it("two who started from the same revision: one is saved, the other is told of it", async (context) => {
    if (dovecot?.missing) context.skip(dovecot.missing);
    const base = (await mailserverStatus(sandbox.node)).wanted.number;
    const results = await Promise.all([
      save(sandbox, { pop3: false }, { baseRevision: base }),
      save(sandbox, { imap: false }, { baseRevision: base }),
    ]);
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["conflict", "done"]);
    const status = await mailserverStatus(sandbox.node);
    expect(status.wanted.number).toBe(base + 1);
    expect(differences(status)).toEqual([]);
    await save(sandbox, { imap: true, pop3: true });
  });

  it("processes and requests in any number: one revision after the other, and the last is in force", async (context) => {
    if (dovecot?.missing) context.skip(dovecot.missing);
    const base = (await mailserverStatus(sandbox.node)).wanted.number;
    const cli = (word: string) =>
      runToEnd(PORTCULLIS, ["mailserver", "set", `pop3=${word}`, "--json"], {
        PORTCULLIS_HOME: sandbox.home.folder,
      });
    const [first, second, ...inside] = await Promise.all([
      cli("off"),
      cli("on"),
      ...[false, true, false].map(async (pop3) => outcomeOf(await save(sandbox, { pop3 }))),
    ]);
    for (const { code, stdout, stderr } of [first, second]) {
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ outcome: expect.stringMatching(/^(applied|unchanged)$/) });
    }
    for (const outcome of inside) expect(outcome.kind).toMatch(/^(applied|unchanged)$/);
    const status = await mailserverStatus(sandbox.node);
    expect(status.wanted.number).toBeLessThanOrEqual(base + 5);
    expect(differences(status)).toEqual([]);
    expect((await sandbox.node.db.revision.findMany()).map(({ number }) => number)).toEqual(
      Array.from({ length: status.wanted.number }, (_, index) => index + 1),
    );
  });
});
