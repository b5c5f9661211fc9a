import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readInForce } from "@/lib/server/mailserver/in-force";
import { reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { DOVECOTS } from "../support/dovecot-versions";
import { bundled, runToEnd } from "../support/run-script";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

/** Each call that changes something or waits for the daemon, in order: killed just before it. */
const OPENING = ["stage", "write", "swap", "reload", "now 1", "look 2", "keepGood", "clear"];
const CLOSING = ["stage", "write", "swap", "stopServices", "endSessions", "look 2", "keepGood", "clear"];

/** Where another version's answer could differ. */
const HANGS_ON_VERSION = ["reload", "endSessions"];

describe.each(DOVECOTS)("a save that is killed between two steps, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  let script: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    script = await bundled("tests/support/killed-save");
  });
  afterAll(async () => await sandbox?.remove());

  const isFirst = dovecot === DOVECOTS[0];
  const steps = (all: string[]) => (isFirst ? all : all.filter((at) => HANGS_ON_VERSION.includes(at)));
  const plan = [
    ...steps(CLOSING).map((at) => ({ at, pop3: false })),
    ...steps(OPENING).map((at) => ({ at, pop3: true })),
  ];

  it.for(plan)(
    "before $at, setting pop3 to $pop3: the next start finishes or undoes it",
    async ({ at, pop3 }, context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const { node } = sandbox;
      const [victim = "", occurrence = "1"] = at.split(" ");
      if ((await latestRevision(node.db)).values.pop3 === pop3) await save(sandbox, { pop3: !pop3 });
      const before = await latestRevision(node.db);

      const ran = await runToEnd(process.execPath, [script, JSON.stringify({ pop3 }), victim, occurrence], {
        PORTCULLIS_HOME: sandbox.home.folder,
      });
      expect(ran.signal, ran.stderr + ran.stdout).toBe("SIGKILL");
      const imap = (await readInForce(node))?.listeners.filter(({ protocol }) => protocol === "imap") ?? [];
      expect((await node.ports.look(imap)).map(({ state }) => state)).toEqual(["open", "open"]);

      await recoverInterrupted(node);
      await reconcile(node);
      const after = await mailserverStatus(node);
      expect(differences(after)).toEqual([]);
      expect(await node.ports.journal.read()).toBeUndefined();
      // Whole: the revision was either not saved and nothing changed, or it was saved and is in force.
      expect(after.wanted.values.pop3).toBe(after.wanted.number === before.number ? !pop3 : pop3);
      if (victim !== "stage") expect(after.wanted.number).toBe(before.number + 1);
    },
  );

  it.for(isFirst ? ["write 2", "swap 2", "reload 2", "clear"] : ["reload 2"])(
    "before %s, on the way back: the next start finishes it, also over a restart of Dovecot",
    async (at, context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const [victim = "", occurrence = "1"] = at.split(" ");
      const siteConfig = readFileSync(sandbox.configFile, "utf8");
      await save(sandbox, { pop3: false });
      const garbage = join(dirname(sandbox.configFile), "garbage.pem");
      writeFileSync(garbage, "not a certificate\n", { mode: 0o644 });
      const inside = garbage.slice(sandbox.node.instance.root.length);
      const setting = dovecot.family === "2.4" ? `ssl_server_cert_file = ${inside}` : `ssl_cert = <${inside}`;
      writeFileSync(
        sandbox.configFile,
        siteConfig.replace("# Read last", `protocol pop3 {\n  ${setting}\n}\n# Read last`),
      );

      const ran = await runToEnd(process.execPath, [script, '{"pop3":true}', victim, occurrence], {
        PORTCULLIS_HOME: sandbox.home.folder,
      });
      expect(ran.signal, ran.stderr + ran.stdout).toBe("SIGKILL");
      await sandbox.stop();
      const recovered = await recoverInterrupted(sandbox.node);
      await sandbox.start();
      const reconciled = await reconcile(sandbox.node, recovered?.wentBack ? recovered.revision : undefined);
      const { listeners } = await mailserverStatus(sandbox.node);
      expect(listeners.map(({ protocol, seen }) => `${protocol} ${seen}`).toSorted()).toEqual([
        "imap open",
        "imap open",
        "lmtp open",
        "pop3 closed",
        "pop3 closed",
      ]);
      // Judged already, or judged now: it ends as rolled back either way, and is not tried for ever.
      if (reconciled.kind === "applied") expect(reconciled.applied.outcome.kind).toBe("rolled-back");
      else expect(reconciled.kind).toBe("left");
      expect(await sandbox.node.ports.journal.read()).toBeUndefined();

      writeFileSync(sandbox.configFile, siteConfig);
      rmSync(garbage);
      await save(sandbox, { pop3: true });
      expect(differences(await mailserverStatus(sandbox.node))).toEqual([]);
    },
  );
});
