import { spawn } from "node:child_process";
import { Unready } from "./say.mjs";

/**
 * Runs a program with an argument vector and gives back its output. What it printed is shown only when it fails.
 */
export async function command(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const chunks = [];
  child.stdout?.on("data", (chunk) => chunks.push(chunk));
  child.stderr?.on("data", (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).catch((error) => {
    throw new Unready(`${program} could not be run: ${error.message}`);
  });
  const output = Buffer.concat(chunks).toString("utf8");
  if (code !== 0) {
    const last = output.trim().split("\n").slice(-15).join("\n");
    throw new Unready(`"${program} ${args.join(" ")}" ended with ${code}:\n${last}`);
  }
  return output;
}

/** True when the program runs and ends with 0. */
export async function succeeds(program, args, options) {
  return await command(program, args, options).then(
    () => true,
    () => false,
  );
}
