/**
 * The panel's process, without its pages, for tests that run it as another user. Arguments: what to do, and more as JSON. The last
 * line of its output is the answer.
 */
import { once } from "node:events";
import { appendFile, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mendMap } from "@/lib/server/access/mend-map";
import { database } from "@/lib/server/database/client";
import { startKeeper } from "@/lib/server/keeper/keeper";
import { TrialWatch } from "@/lib/server/keeper/watch-trials";
import { log } from "@/lib/server/log";
import { ensureFirstRevision, reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { type SaveRequest, saveMailserver } from "@/lib/server/mailserver/save";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { keepRevision } from "@/lib/server/mailserver/trials";
import { openNode } from "@/lib/server/node";
import { createAdministrator } from "@/lib/server/operators/operators";
import { readConfig } from "@/lib/system/dovecot/doveconf";
import { generatedDir, outside } from "@/lib/system/dovecot/instance";
import { mailboxSize } from "@/lib/system/dovecot/mailbox-size";
import { errorCode } from "@/lib/system/files";

const [what = "", input = "{}"] = process.argv.slice(2);
const asked = JSON.parse(input) as Record<string, unknown>;
const node = await openNode();

async function start() {
  await ensureFirstRevision(database());
  const interrupted = await recoverInterrupted(node);
  const map = await mendMap(node);
  const reconciled = await reconcile(node, interrupted?.wentBack ? interrupted.revision : undefined);
  return { interrupted, map, reconciled };
}

async function save() {
  return await saveMailserver(node, {
    patch: {},
    baseRevision: undefined,
    reason: "test",
    actor: { name: "tester", origin: "cli" },
    authenticationOnly: false,
    replaceEdited: false,
    acceptWarnings: false,
    ...(asked as Partial<SaveRequest>),
  });
}

/** What this user can do without the helper: the error of each try, or "done". */
async function rights() {
  const { instance } = node;
  const etc = outside(instance, dirname(instance.configFile));
  const ours = outside(instance, generatedDir(instance));
  const base = outside(instance, instance.baseDir);
  const around = dirname(node.home.folder);
  const { pid, mark } = asked as { pid: number; mark: string };
  const tries: Record<string, () => unknown> = {
    "write settings.conf": () => appendFile(join(ours, "settings.conf"), "x"),
    "make a file beside it": () => writeFile(join(ours, "x"), "x"),
    "write the access map": () => appendFile(join(ours, "access.sqlite"), "x"),
    "write dovecot.conf": () => appendFile(join(etc, "dovecot.conf"), "x"),
    "stage a copy": () => writeFile(join(outside(instance, instance.stagingDir), "x"), "x"),
    "read passwords": () => readFile(join(etc, "users")),
    "read the key": () => readFile(join(etc, "key.pem")),
    "read a mailbox": () => readdir(join(etc, "../mail/riverside.example/anna/cur")),
    "signal Dovecot": () => process.kill(pid, "SIGHUP"),
    "connect to the mark": () => once(createConnection({ path: join(base, mark) }), "connect"),
    "read the helper's folder": () => readdir(join(around, "helper")),
    "remove the socket": () => unlink(join(around, "run/helper.sock")),
    "make a socket beside it": () => writeFile(join(around, "run/other.sock"), ""),
  };
  const answers: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(tries))
    answers[name] = await Promise.resolve()
      .then(attempt)
      .then(
        () => "done",
        (error: unknown) => errorCode(error) ?? String(error),
      );
  return answers;
}

async function administrator() {
  const { email, password } = asked as { email: string; password: string };
  await createAdministrator(node.db, { email, password, name: email }, { name: "tester", origin: "start" });
}

/** Keeps the helper busy with what it does one at a time, by as many as it lets wait. */
async function flood() {
  const { values } = await latestRevision(node.db);
  const until = Date.now() + Number(asked.seconds) * 1000;
  const one = async () => {
    while (Date.now() < until)
      await node.engine.prepare(node.ports, values, undefined).catch(() => sleep(20));
  };
  await Promise.all(Array.from({ length: 220 }, one));
}

/** What `npm start` does besides the pages, for so long; returns what it logged. */
async function keeper() {
  const { level } = log;
  log.level = "warn";
  const keeping = startKeeper(node);
  await sleep(Number(asked.seconds) * 1000);
  await keeping.stop();
  log.level = level;
}

const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
  start,
  save,
  rights,
  administrator,
  flood,
  keeper,
  config: () => readConfig(node.instance, node.instance.configFile),
  size: () => mailboxSize(node.instance, String(asked.address)),
  trials: () => new TrialWatch(node).look(),
  keep: () => keepRevision(node, Number(asked.revision), { name: "anna", origin: "page" }),
  status: () => mailserverStatus(node),
};

const answer = (await ACTS[what]?.()) ?? null;
process.stdout.write(`\n${JSON.stringify(answer)}`);
process.exit(0);
