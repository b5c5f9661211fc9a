import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TrialWatch } from "@/lib/server/keeper/watch-trials";
import { reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { keepRevision } from "@/lib/server/mailserver/trials";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByPop3 } from "../support/mail-clients";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

/** The shortest that can be asked for. */
const SECONDS = 10;

const [dovecot] = DOVECOTS.filter(({ missing }) => !missing);

describe("a change on trial, and a panel that ended meanwhile", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (dovecot && !dovecot.missing) sandbox = await startSandbox(dovecot);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (!sandbox) context.skip("There is no Dovecot here.");
  });

  const pop3Reads = async () =>
    await readByPop3({ port: sandbox.ports.pop3, account: sandbox.accounts[0]!, encryption: "none" });
  /** No keeper runs here: until `start` it is as if the panel were down. */
  const closedOnTrial = async () => {
    const result = await save(sandbox, { pop3: false }, { keepWithin: SECONDS });
    expect(result).toMatchObject({ kind: "done", outcome: { kind: "applied" } });
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    return (await mailserverStatus(sandbox.node)).wanted.number;
  };
  /** What the next start does, and one look of its keeper. */
  const start = async () => {
    const recovered = await recoverInterrupted(sandbox.node);
    await reconcile(sandbox.node, recovered?.wentBack ? recovered.revision : undefined);
    await new TrialWatch(sandbox.node).look();
  };
  const isBack = async (revision: number) => {
    const status = await mailserverStatus(sandbox.node);
    expect(differences(status)).toEqual([]);
    expect(status.wanted).toMatchObject({ number: revision + 1, values: { pop3: true } });
    expect(await pop3Reads()).toBeGreaterThan(0);
  };

  it("goes back at the next start, once its time is over and not before", async () => {
    const revision = await closedOnTrial();
    await start();
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
    await sleep(SECONDS * 1000);
    await start();
    await isBack(revision);
    // And only once.
    await start();
    expect((await mailserverStatus(sandbox.node)).wanted.number).toBe(revision + 1);
  });

  it("goes back also where the way back itself was cut off", async () => {
    const revision = await closedOnTrial();
    await sandbox.node.db.trial.update({
      where: { revisionNumber: revision },
      data: { state: "reverting", deadline: new Date() },
    });
    await start();
    await isBack(revision);
  });

  it("stays where somebody kept it before the panel ended", async () => {
    const revision = await closedOnTrial();
    expect(await keepRevision(sandbox.node, revision, { name: "anna", origin: "page" })).toBe(true);
    await sandbox.node.db.trial.update({
      where: { revisionNumber: revision },
      data: { deadline: new Date(0) },
    });
    await start();
    expect((await mailserverStatus(sandbox.node)).wanted.number).toBe(revision);
    await expect(pop3Reads()).rejects.toThrow("ECONNREFUSED");
  });
});
