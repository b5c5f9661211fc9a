import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, endChild } from "@/bin/serve/children";
import { startDovecot } from "@/bin/serve/dovecot";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { mendMap } from "@/lib/server/access/mend-map";
import { openDatabase } from "@/lib/server/database/client";
import { migrate } from "@/lib/server/database/migrate";
import { type Home, homeAt } from "@/lib/server/home";
import { applyWanted } from "@/lib/server/mailserver/apply";
import { ensureFirstRevision } from "@/lib/server/mailserver/reconcile";
import type { Actor } from "@/lib/server/mailserver/revisions";
import { type SaveRequest, type SaveResult, saveMailserver } from "@/lib/server/mailserver/save";
import { type MailNode, nodeAt } from "@/lib/server/node";
import { type SandboxAccount, sandboxAccounts } from "@/lib/server/sandbox/accounts";
import { PORT_VARIABLES, sandboxPortKeys } from "@/lib/server/sandbox/ports";
import { setUpSandbox } from "@/lib/server/sandbox/setup";
import { bindError } from "@/lib/system/bind";
import { masterPid } from "@/lib/system/dovecot/daemon";
import { outside } from "@/lib/system/dovecot/instance";
import { MIGRATIONS } from "./database";
import { type AvailableDovecot, copyRelease } from "./dovecot-versions";
import { freeSandboxPorts } from "./ports";

const TESTER: Actor = { name: "tester", origin: "cli" };

const PATIENCE_MS = 8000;

/** A real Dovecot with sample mail, a real database, and no panel: what integration tests work on. */
export interface TestSandbox {
  home: Home;
  node: MailNode;
  ports: SandboxPorts;
  accounts: SandboxAccount[];
  /** dovecot.conf and its folder, as this process reaches them. */
  configFile: string;
  start(): Promise<void>;
  /** Ends Dovecot the orderly way; the files stay. */
  stop(): Promise<void>;
  /** Ends Dovecot without a word, as a crash would. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes and starts one, with revision 1 (IMAP and POP3 open) in force. `edit` changes its own files before the start. */
export async function startSandbox(
  dovecot: AvailableDovecot,
  edit: (configFile: string) => void = () => {},
): Promise<TestSandbox> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-test-"));
  await chmod(folder, 0o711);
  const home = homeAt(folder);
  const root = dovecot.root === "" ? "" : join(folder, "root");
  if (root !== "") await copyRelease(dovecot.root, root);
  const ports = await freeSandboxPorts();
  const environment = {
    NODE_ENV: "test" as const,
    ...Object.fromEntries(sandboxPortKeys.map((key) => [PORT_VARIABLES[key], String(ports[key])])),
  };
  const { instance } = await setUpSandbox(home, root, environment);
  await migrate(home.database, MIGRATIONS);
  const db = openDatabase(home.database);
  await ensureFirstRevision(db);
  const node = await nodeAt(home, db);
  let child: Child | undefined;
  const sandbox: TestSandbox = {
    home,
    node,
    ports,
    accounts: await sandboxAccounts(home),
    configFile: outside(instance, instance.configFile),
    async start() {
      ({ child } = await startDovecot(node, join(folder, "dovecot.out"), () => {}));
    },
    async stop() {
      if (child) await endChild(child, PATIENCE_MS);
    },
    async kill() {
      const pid = await masterPid(instance);
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      await child?.exited;
      // Its processes notice a moment later that their master is gone, and have its ports until then.
      for (let waited = 0; (await portsInUse(ports)).length > 0 && waited < PATIENCE_MS; waited += 20)
        await sleep(20);
    },
    async remove() {
      await sandbox.stop();
      await db.$disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await mkdir(join(folder, "apply"), { recursive: true });
  edit(sandbox.configFile);
  await mendMap(node);
  await sandbox.start();
  await applyWanted(node, TESTER, { replaceEdited: false });
  return sandbox;
}

async function portsInUse(ports: SandboxPorts): Promise<number[]> {
  const all = Object.values(ports);
  const errors = await Promise.all(all.map((port) => bindError("127.0.0.1", port)));
  return all.filter((_, index) => errors[index] !== undefined);
}

/** Saves a change the way the page and the command line do. */
export async function save(
  sandbox: TestSandbox,
  patch: Record<string, unknown>,
  confirmations: Partial<
    Pick<
      SaveRequest,
      "authenticationOnly" | "replaceEdited" | "baseRevision" | "acceptWarnings" | "keepWithin"
    >
  > = {},
): Promise<SaveResult> {
  return await saveMailserver(sandbox.node, {
    patch,
    baseRevision: undefined,
    reason: "test",
    actor: TESTER,
    authenticationOnly: false,
    replaceEdited: false,
    acceptWarnings: false,
    ...confirmations,
  });
}

/** The engine's outcome, or the answer of a save that never got to it. */
export function outcomeOf(result: SaveResult) {
  return result.kind === "done" ? result.outcome : result;
}
