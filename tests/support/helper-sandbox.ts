import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "@/lib/server/database/migrate";
import { type Home, homeAt } from "@/lib/server/home";
import { writeDescription } from "@/lib/server/node";
import { PORTCULLIS } from "./cli";
import { MIGRATIONS } from "./database";
import type { AvailableDovecot } from "./dovecot-versions";
import { bundled, type Ran, runToEnd } from "./run-script";
import { startSandbox, type TestSandbox } from "./sandbox";

/** A user of every Debian that owns nothing here: neither the private Dovecot's (`nobody`) nor root. */
export const WEB = { uid: 1, gid: 1 };

/** Why these tests can't run here, or undefined. */
export function notRoot(): string | undefined {
  if (process.getuid?.() !== 0) return "users can be changed by root only";
  const others = [PORTCULLIS, process.execPath].filter((path) => statSync(path).uid !== 0);
  return others.length > 0
    ? `root's helper runs no program that others own: ${others.join(", ")}`
    : undefined;
}

/** A private Dovecot that the panel's user may not touch, the root helper before it, and a panel's home of that user. */
export interface HelperSandbox {
  sandbox: TestSandbox;
  /** The home of the unprivileged panel. */
  web: Home;
  /** Everything around: helper's folder, socket's folder, the panel's home. */
  folder: string;
  socket: string;
  /** What the helper has said so far. */
  log(): string;
  startHelper(): Promise<void>;
  stopHelper(signal?: NodeJS.Signals): Promise<void>;
  /** The command line, as the panel's user. */
  cli(...args: string[]): Promise<Ran>;
  /** A command of tests/support/web-process.ts, as the panel's user. */
  run<T>(...args: string[]): Promise<T>;
  /** The same, without waiting for its end. */
  spawn(...args: string[]): ChildProcess;
  remove(): Promise<void>;
}

export async function startHelperSandbox(dovecot: AvailableDovecot): Promise<HelperSandbox> {
  // What root has bundled, others may run and need not write.
  await runToEnd(PORTCULLIS, ["--version"]);
  const script = await bundled("tests/support/web-process");
  const sandbox = await startSandbox(dovecot);
  const folder = await mkdtemp(join(tmpdir(), "portcullis-helper-"));
  await chmod(folder, 0o755);
  const web = homeAt(join(folder, "web"));
  const helperHome = join(folder, "helper");
  const socket = join(folder, "run", "helper.sock");
  const { helper: _, ...instance } = sandbox.node.instance;
  await mkdir(web.folder, { mode: 0o700 });
  await mkdir(helperHome, { mode: 0o700 });
  await writeFile(join(helperHome, "helper.json"), JSON.stringify({ instance, group: WEB.gid, socket }), {
    mode: 0o600,
  });
  await migrate(web.database, MIGRATIONS);
  await writeDescription(web, { kind: "sandbox", instance, helper: { socket } });
  await writeFile(web.secret, randomBytes(32).toString("hex"), { mode: 0o600 });
  await giveAway(web.folder);

  const helper = helperOf(helperHome);
  const environment = { PORTCULLIS_HOME: web.folder };
  const one: HelperSandbox = {
    sandbox,
    web,
    folder,
    socket,
    log: helper.log,
    startHelper: () => helper.start(),
    stopHelper: (signal) => helper.stop(signal),
    cli: (...args) => runToEnd(PORTCULLIS, args, environment, WEB),
    async run<T>(...args: string[]) {
      const { code, stdout, stderr } = await runToEnd(process.execPath, [script, ...args], environment, WEB);
      if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout.split("\n").at(-1) ?? "") as T;
    },
    spawn: (...args) =>
      spawn(process.execPath, [script, ...args], {
        env: { ...process.env, ...environment },
        stdio: ["ignore", "pipe", "inherit"],
        ...WEB,
      }),
    async remove() {
      await one.stopHelper();
      await sandbox.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await one.startHelper();
  await one.run("start");
  return one;
}

/** The helper's process of a folder. */
export function helperOf(home: string) {
  let helper: ChildProcess | undefined;
  let said = "";
  return {
    log: () => said,
    pid: () => helper?.pid ?? 0,
    async start() {
      const before = said.length;
      const child = spawn(PORTCULLIS, ["helper", "--home", home], { stdio: ["ignore", "inherit", "pipe"] });
      child.stderr.on("data", (text) => (said += String(text)));
      for (let waited = 0; !said.slice(before).includes("listens at"); waited += 50) {
        if (waited > 20_000 || child.exitCode !== null) throw new Error(`The helper did not start: ${said}`);
        await sleep(50);
      }
      helper = child;
    },
    async stop(signal: NodeJS.Signals = "SIGTERM") {
      if (!helper || helper.exitCode !== null || helper.signalCode !== null) return;
      const ended = new Promise((resolve) => helper?.once("exit", resolve));
      helper.kill(signal);
      await ended;
    },
  };
}

async function giveAway(folder: string): Promise<void> {
  await chown(folder, WEB.uid, WEB.gid);
  for (const entry of await readdir(folder, { recursive: true }))
    await chown(join(folder, entry), WEB.uid, WEB.gid);
}
