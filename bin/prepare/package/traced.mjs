import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

/** Optional to Next, for resizing pictures, which the panel has none of: 19 MB; and the database for another kind of Linux. */
const UNUSED = /^node_modules\/(?:sharp|@img|@libsql\/linux-[^/]*-musl)\//;

/**
 * Packages that are opened by path and not imported, whole: the command line's database, and the upgrade of it.
 * `@libsql/…` is the native library for this machine.
 */
const BY_PATH = [
  "libsql",
  "@neon-rs/load",
  "detect-libc",
  "@prisma/schema-engine-wasm",
  process.arch === "x64" ? "@libsql/linux-x64-gnu" : "@libsql/linux-arm64-gnu",
];

/** What Next itself adds where it makes a build that stands alone, and what it leaves out of that. */
const SERVER = [
  "next/dist/server/lib/start-server",
  "next/dist/server/next",
  "next/dist/server/require-hook",
];
const NOT_SERVED = [
  "**/next/dist/compiled/next-server/**/*.dev.js",
  "**/next/dist/compiled/webpack/**",
  "**/next/dist/compiled/babel*/**",
  "**/next/dist/compiled/terser/**",
  "**/next/dist/compiled/@next/font/**",
  "**/next/dist/server/dev/**",
  "**/next/dist/build/webpack*/**",
  "**/node_modules/typescript/**",
  "**/node_modules/@typescript/**",
  "**/node_modules/@next/swc-*/**",
];

/** The files of node_modules that the built panel needs, as they were traced; relative to the checkout. */
export async function tracedFiles(root) {
  const files = new Set();
  const traces = [
    join(root, ".next/next-server.js.nft.json"),
    ...filesBelow(root, ".next/server").filter((path) => path.endsWith(".nft.json")),
  ];
  for (const trace of traces) {
    for (const file of JSON.parse(readFileSync(trace, "utf8")).files) {
      const path = relative(root, resolve(dirname(trace), file));
      if (path.startsWith("node_modules/") && !UNUSED.test(path)) files.add(path);
    }
  }
  for (const path of await serverFiles(root)) if (!UNUSED.test(path)) files.add(path);
  for (const name of BY_PATH)
    for (const path of filesBelow(root, join("node_modules", name))) files.add(relative(root, path));
  return [...files].filter((path) => existsSync(join(root, path)));
}

/** By the same tool with which the build traces the pages. */
async function serverFiles(root) {
  const require = createRequire(join(root, "package.json"));
  const { nodeFileTrace } = require("next/dist/compiled/@vercel/nft");
  const entries = SERVER.map((name) => require.resolve(name));
  const { fileList } = await nodeFileTrace(entries, { base: root, ignore: NOT_SERVED });
  return [...fileList].filter((path) => path.startsWith("node_modules/"));
}

function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
