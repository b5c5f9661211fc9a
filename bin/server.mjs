/**
 * The panel's web server in a package: `node bin/server.mjs HOST PORT`. The same that `next start` runs, without the part
 * of Next that builds, which the package doesn't carry.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const dir = resolve(import.meta.dirname, "..");
const [hostname, port] = process.argv.slice(2);
const { config } = JSON.parse(readFileSync(`${dir}/.next/required-server-files.json`, "utf8"));
process.chdir(dir);
// Next would look for next.config.ts and compile it.
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
const require = createRequire(import.meta.url);
const { startServer } = require("next/dist/server/lib/start-server");
await startServer({ dir, isDev: false, config, hostname, port: Number(port), allowRetry: false });
