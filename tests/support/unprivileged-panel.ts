import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Home } from "@/lib/server/home";
import { WEB } from "./helper-sandbox";
import { freePorts } from "./ports";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const READY_TIMEOUT_MS = 60_000;

export interface Spawned {
  url: string;
  pid: number;
  end(): Promise<void>;
}

/** The web server alone, as the panel's user, on a home of that user. */
export async function spawnPanel(home: Home): Promise<Spawned> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(home.panelLog, "a");
  const server = join(ROOT, "node_modules/next/dist/bin/next");
  const peer = join(ROOT, "bin/serve/front-door.mjs");
  const child = spawn(
    process.execPath,
    ["--import", peer, server, "start", "-H", "127.0.0.1", "-p", String(port)],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production", PORTCULLIS_HOME: home.folder, PORTCULLIS_URL: url },
      stdio: ["ignore", log, log],
      ...WEB,
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (let waited = 0; ; waited += 200) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) break;
    if (waited > READY_TIMEOUT_MS || child.exitCode !== null)
      throw new Error(`The panel did not start, see ${home.panelLog}`);
    await sleep(200);
  }
  return {
    url,
    pid: child.pid ?? 0,
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
