import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { generate } from "selfsigned";
import { commandFor, type DovecotInstance } from "@/lib/system/dovecot/instance";
import { readByImap, readByPop3 } from "./mail-clients";

const FIXTURES = fileURLToPath(new URL("../../tests/fixtures/adopt", import.meta.url));
const READY_TIMEOUT_MS = 20_000;

/** Puts a fixture's files over a configuration; `@NAME@` in them stands for what a test chooses. */
export async function overlay(
  name: string,
  folder: string,
  words: Readonly<Record<string, string>>,
): Promise<void> {
  const from = join(FIXTURES, name);
  await cp(from, folder, { recursive: true });
  for (const path of await readdir(from, { recursive: true, encoding: "utf8" })) {
    if (!lstatSync(join(from, path)).isFile()) continue;
    const text = await readFile(join(from, path), "latin1");
    const filled = text.replace(/@([A-Z0-9_]+)@/g, (whole, word: string) => words[word] ?? whole);
    if (filled !== text) await writeFile(join(folder, path), filled, "latin1");
  }
}

export async function writeCertificate(folder: string, cert: string, key: string): Promise<void> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "rsa",
    algorithm: "sha256",
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, cert), made.cert, { mode: 0o644 });
  await writeFile(join(folder, key), made.private, { mode: 0o600 });
}

/** Starts a Dovecot as its own service would, as root where we are; the test ends it by its pid. */
export async function startSystem(
  instance: DovecotInstance,
  port: number,
): Promise<{ pid: number; end(): Promise<void> }> {
  const { program, args } = commandFor(instance, "dovecot", ["-F", "-c", instance.configFile]);
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (let waited = 0; ; waited += 50) {
    if (await greets(port)) break;
    if (waited > READY_TIMEOUT_MS || child.exitCode !== null)
      throw new Error(`Dovecot did not start: ${said}`);
    await sleep(50);
  }
  return {
    pid: child.pid ?? 0,
    async end() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once("data", () => settle(true));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
}

/** Everything there is to know of a folder's files: bytes, owner, mode, time. */
export function snapshot(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    paths.map((path) => {
      const full = join(folder, path);
      const { uid, gid, mode, mtimeMs } = lstatSync(full);
      const isFile = lstatSync(full).isFile();
      const content = isFile ? createHash("sha256").update(readFileSync(full)).digest("hex") : "";
      // A folder's own time changes with what is put into it and taken out.
      return [path, [uid, gid, mode.toString(8), isFile ? Math.round(mtimeMs) : "", content].join(" ")];
    }),
  );
}

/** How signing in by each protocol comes out, in a word or the server's own. */
export async function signIns(
  ports: { imap: number; pop3: number },
  accounts: readonly { address: string; password: string }[],
): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const account of accounts) {
    const words = (error: unknown) => {
      const text =
        error instanceof Error
          ? `${error.message} ${"responseText" in error ? String(error.responseText) : ""}`
          : String(error);
      return /ECONNREFUSED/.test(text) ? "refused" : /disabled/i.test(text) ? "disabled" : `failed: ${text}`;
    };
    results[`${account.address} imap`] = await readByImap({
      port: ports.imap,
      account,
      encryption: "none",
    }).then((subjects) => `reads ${subjects.length}`, words);
    results[`${account.address} pop3`] = await readByPop3({
      port: ports.pop3,
      account,
      encryption: "none",
    }).then((count) => `reads ${count}`, words);
  }
  return results;
}
