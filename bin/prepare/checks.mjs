import { spawn } from "node:child_process";
import { join } from "node:path";
import { command } from "./command.mjs";
import { during, Unready } from "./say.mjs";

const tool = (root, name) => join(root, "node_modules/.bin", name);

const CHECKS = [
  { topic: "format", program: "biome", args: ["check", "."] },
  { topic: "lint", program: "oxlint", args: ["--type-aware"] },
  { topic: "types", program: "tsc", args: ["--noEmit"] },
  { topic: "dead code", program: "knip", args: [], slow: true },
];

/** What needs no daemon and no browser. Runs all of it and returns how many passed and what the others said. */
export async function staticChecks(root, { withSlow }) {
  const complaints = [];
  const checks = CHECKS.filter(({ slow }) => withSlow || !slow);
  for (const { topic, program, args } of checks) {
    try {
      await during(topic, program, () => command(tool(root, program), args, { cwd: root }));
    } catch (error) {
      if (error.name !== "Unready") throw error;
      complaints.push(`${topic}: ${error.message}`);
    }
  }
  return { passed: checks.length - complaints.length, complaints };
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
