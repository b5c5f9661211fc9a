import { spawn } from "node:child_process";
import { renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "@/bin/prepare/bundle.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Bundles a TypeScript file of the tests so that a process of its own can run it. */
export async function bundled(entry: string): Promise<string> {
  const outfile = `${ROOT}/.build/${entry.replace(/\W+/g, "-")}.mjs`;
  // Two test files may want the same one at once.
  const temporary = `${outfile}.${process.pid}`;
  await bundle(ROOT, entry, temporary);
  renameSync(temporary, outfile);
  return outfile;
}

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
  as: { uid?: number; gid?: number } = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...as,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
