import { spawn } from "node:child_process";
import { join } from "node:path";
import { command } from "./command.mjs";
import { during, Unready } from "./say.mjs";

const tool = (root, name) => join(root, "node_modules/.bin", name);

/** What needs no daemon and no browser, in the order in which it fails fastest. */
export async function staticChecks(root, { deadCode }) {
  const options = { cwd: root };
  await during("format", "biome", () => command(tool(root, "biome"), ["check", "."], options));
  await during("lint", "oxlint", () => command(tool(root, "oxlint"), ["--type-aware"], options));
  await during("types", "tsc", () => command(tool(root, "tsc"), ["--noEmit"], options));
  if (deadCode) await during("dead code", "knip", () => command(tool(root, "knip"), [], options));
}

/** Runs the tests of these projects with their output shown. Throws when one fails. */
export async function runTests(root, projects, environment = {}) {
  const args = [
    "run",
    ...projects.flatMap((name) => ["--project", name]),
    "--reporter=default",
    "--reporter=./tests/support/reporter.ts",
  ];
  const child = spawn(tool(root, "vitest"), args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Unready("Tests failed.");
}
