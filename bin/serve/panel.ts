import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Home } from "@/lib/server/home";
import { Unready } from "../prepare/say.mjs";
import { startChild, type Watch } from "./children";
import type { ServeSettings } from "./settings";

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 100;
/**
 * Node would let garbage grow to gigabytes on a large machine. What is in use is some 70 MB, with a million accounts as well;
 * the rest is room for an import of the largest file, which was not measured. An operator's own NODE_OPTIONS count instead.
 */
const HEAP_MB = 512;

interface PanelPlace {
  /** The folder with the built panel. */
  root: string;
  /** The web server's program and its arguments. */
  server: (root: string, host: string, port: string) => string[];
  /** The program that starts others for it (bin/launcher.ts). */
  launcher: string;
  home: Home;
  settings: ServeSettings;
  url: string;
}

/** Starts the web server and returns once it answers over HTTP. */
export async function startPanel(
  { root, server, launcher, home, settings, url }: PanelPlace,
  watch: Watch,
): Promise<void> {
  const { PORTCULLIS_HOST: host, PORT: port } = settings;
  const command = {
    name: "panel",
    program: process.execPath,
    args: [
      ...(/--max[-_]old[-_]space[-_]size/.test(process.env.NODE_OPTIONS ?? "")
        ? []
        : [`--max-old-space-size=${HEAP_MB}`]),
      "--import",
      pathToFileURL(join(root, "bin/serve/front-door.mjs")).href,
      ...server(root, host, String(port)),
    ],
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      PORTCULLIS_HOME: home.folder,
      PORTCULLIS_LAUNCHER: launcher,
      PORTCULLIS_READER: join(root, "bin/serve/database-reader.mjs"),
      PORTCULLIS_URL: process.env.PORTCULLIS_URL ?? url,
      // They made the first administrator; no later process needs to see them.
      PORTCULLIS_ADMIN_EMAIL: "",
      PORTCULLIS_ADMIN_PASSWORD: "",
    },
    cwd: root,
    log: home.panelLog,
  };
  const child = await startChild(command, watch);
  const ended = child.exited.then((code) => `it ended with ${code}`);
  const problem = await Promise.race([ended, waitForHealth(`${url}/api/health`)]);
  if (problem !== undefined) throw new Unready(`The panel did not start: ${problem}. See ${home.panelLog}.`);
}

/** Out of a checkout, with all of Next. Not through npx: that would keep a second process of 77 MB. */
export function nextServer(root: string, host: string, port: string): string[] {
  return [join(root, "node_modules/next/dist/bin/next"), "start", "-H", host, "-p", port];
}

/** Out of the package, with what of Next serves pages. */
export function packagedServer(root: string, host: string, port: string): string[] {
  return [join(root, "bin/server.mjs"), host, port];
}

async function waitForHealth(address: string): Promise<string | undefined> {
  let last = "no answer";
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(5000) });
      if (response.ok) return undefined;
      last = `${address} answers ${response.status}: ${(await response.text()).slice(0, 200)}`;
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS);
  }
  return last;
}
