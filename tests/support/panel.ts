import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Family } from "@/lib/core/dovecot/version";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { homeAt } from "@/lib/server/home";
import { sandboxAccounts } from "@/lib/server/sandbox/accounts";
import { PORT_VARIABLES, sandboxPortKeys } from "@/lib/server/sandbox/ports";
import { freePorts, freeSandboxPorts } from "./ports";
import { runToEnd } from "./run-script";

const START = fileURLToPath(new URL("../../bin/start.mjs", import.meta.url));
const PORTCULLIS = fileURLToPath(new URL("../../bin/portcullis", import.meta.url));
const READY_TIMEOUT_MS = 170_000;
const END_TIMEOUT_MS = 20_000;

export const ADMIN = { email: "anna@panel.example", password: "correct horse battery staple" };

/** The whole product as `npm start` gives it to a newcomer, in a home and on ports of its own. */
export interface RunningPanel {
  url: string;
  home: string;
  ports: SandboxPorts;
  /** Whether it brings a Dovecot of its own, with a page of its sample mailboxes. */
  isPrivate: boolean;
  /** The folder with Dovecot's generated files; of the machine's own Dovecot. */
  generated: string;
  /** Everything that the start printed so far. */
  output(): string;
  /** Those that it is made of, and of an adopted server, Dovecot's and the helper's. */
  pids(): Promise<number[]>;
  cli(...args: string[]): ReturnType<typeof runToEnd>;
  accounts(): Promise<{ address: string; password: string }[]>;
  /** Ctrl-C; resolves to the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends it if it still runs, and removes the home. */
  remove(): Promise<void>;
}

type Restartable = RunningPanel & { environment: Record<string, string> };

interface StartOptions {
  /** One that was set up before, of an adopted server; the panel runs as the user that it belongs to. */
  home?: string;
  ports?: SandboxPorts;
  family?: Family;
  /** Start again where an earlier one was. */
  like?: Restartable;
  withAdmin?: boolean;
  environment?: Record<string, string>;
  /** Press Ctrl-C as soon as it says this. */
  interruptAt?: string;
}

/** `npm run drill adopted-suite` runs the same tests in the shape that a package gives. */
const SHAPE = process.env.PORTCULLIS_TEST_SHAPE;
const FAMILY = (process.env.PORTCULLIS_TEST_FAMILY ?? "2.3") as Family;

export async function startPanel(options: StartOptions = {}) {
  const { like, home, family = FAMILY } = options;
  if (SHAPE !== "adopted" || like || home !== undefined) return await startHere(options);
  const { startAdopted } = await import("./adopted-shape");
  const ports = await freeSandboxPorts();
  const shape = await startAdopted(family, ports);
  const panel = await startHere({ ...options, home: shape.home, ports });
  return {
    ...panel,
    cli: shape.cli,
    isPrivate: false,
    generated: shape.generated,
    output: () => panel.output() + shape.log(),
    pids: async () => [...(await panel.pids()), ...shape.pids()],
    accounts: async () => shape.accounts,
    async remove() {
      await panel.remove();
      await shape.remove();
    },
  };
}

async function startHere({
  family = FAMILY,
  withAdmin = true,
  environment: extra = {},
  interruptAt,
  like,
  home: given,
  ports: chosen,
}: StartOptions): Promise<Restartable> {
  const home = like?.home ?? given ?? (await mkdtemp(join(tmpdir(), "portcullis-e2e-")));
  const ports = like?.ports ?? chosen ?? (await freeSandboxPorts());
  const environment = like?.environment ?? (await environmentFor(home, ports, family, withAdmin, extra));
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (interruptAt) {
    child.stdout.on("data", () => {
      if (output.includes(interruptAt)) child.kill("SIGINT");
    });
  }
  await untilReady(child, () => output);
  const cli = (...args: string[]) => runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: home });
  const panel = {
    url: `http://127.0.0.1:${environment.PORT}`,
    home,
    ports,
    environment,
    isPrivate: true,
    generated: join(home, "dovecot/etc/portcullis"),
    output: () => output,
    pids: async () => {
      const running = JSON.parse(await readFile(join(home, "running.json"), "utf8")) as {
        children: { pid: number }[];
      };
      return running.children.map(({ pid }) => pid);
    },
    cli,
    accounts: async () => await sandboxAccounts(homeAt(home)),
    async end(signal: NodeJS.Signals = "SIGINT") {
      child.kill(signal);
      return await Promise.race([
        exited,
        sleep(END_TIMEOUT_MS).then(() => Promise.reject(new Error(`It did not end:\n${output}`))),
      ]);
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) await panel.end();
      await rm(home, { recursive: true, force: true });
    },
  };
  return panel;
}

async function environmentFor(
  home: string,
  ports: SandboxPorts,
  family: Family,
  withAdmin: boolean,
  extra: Record<string, string>,
) {
  const [port = 0] = await freePorts(1);
  return {
    PORTCULLIS_HOME: home,
    PORT: String(port),
    ...Object.fromEntries(sandboxPortKeys.map((key) => [PORT_VARIABLES[key], String(ports[key])])),
    ...(family === "2.4" ? { PORTCULLIS_DOVECOT: "2.4" } : {}),
    ...(withAdmin ? { PORTCULLIS_ADMIN_EMAIL: ADMIN.email, PORTCULLIS_ADMIN_PASSWORD: ADMIN.password } : {}),
    ...extra,
  };
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!output().includes("Ctrl-C ends ")) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`It ended instead of starting:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`Not ready after ${READY_TIMEOUT_MS / 1000} s:\n${output()}`);
    await sleep(100);
  }
}
