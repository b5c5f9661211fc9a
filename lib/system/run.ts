import { runLaunched } from "./launched";
import { type Ran, type RunOptions, runHere } from "./run-here";

/**
 * Runs a program with an argument vector: no shell, no inherited environment, a time limit. Never throws. The web server has
 * it started by a small process (PORTCULLIS_LAUNCHER, set by bin/serve/panel.ts).
 */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const launcher = process.env.PORTCULLIS_LAUNCHER;
  return launcher
    ? await runLaunched(launcher, program, args, options)
    : await runHere(program, args, options);
}
