import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const resolve = { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } };
const SECOND_MS = 1000;

/** As bin/launch.mjs has it, and for the same reason. */
const WASM = Number.parseInt(process.versions.node, 10) <= 24 ? ["--liftoff-only"] : [];

/**
 * The tests of a folder. A worker reads what they import once and not for each file, which is a second less for each: no file
 * of tests leaves anything behind in a module or in the environment.
 */
function project(name: string, test: object = {}) {
  return {
    resolve,
    test: { name, include: [`tests/${name}/**/*.test.ts`], isolate: false, execArgv: WASM, ...test },
  };
}

export default defineConfig({
  resolve,
  test: {
    // Two cores are at work for seven tenths of the time with two: a test waits for daemons, clocks and answers.
    maxWorkers: 3,
    globalSetup: "tests/support/scratch.ts",
    projects: [
      project("unit", { testTimeout: 30 * SECOND_MS }),
      project("golden"),
      project("integration", {
        testTimeout: 60 * SECOND_MS,
        hookTimeout: 60 * SECOND_MS,
        // Daemons of several tests share two cores.
        expect: { poll: { timeout: 20 * SECOND_MS } },
      }),
      project("e2e", {
        testTimeout: 90 * SECOND_MS,
        hookTimeout: 180 * SECOND_MS,
        // What a page said and a fault of it are told whole: a drill's report has nothing else.
        chaiConfig: { truncateThreshold: 600 },
        // A save is one to two seconds where two tests, two daemons and a browser share two cores.
        expect: { poll: { timeout: 20 * SECOND_MS } },
      }),
    ],
  },
});
