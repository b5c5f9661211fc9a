/** The root helper by itself: `portcullis helper` starts it from a bundle that holds neither the panel nor its database. */
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { requireOwn } from "@/lib/system/helper/safe-path";
import { helperCommand } from "./commands/helper";

/** Runs until it is told to end; returns the exit code where it can't begin. */
export async function main(args: readonly string[]): Promise<number> {
  // That is the web server's: what runs as root starts its programs itself.
  delete process.env.PORTCULLIS_LAUNCHER;
  try {
    // Who can change the program has what it has.
    for (const file of [fileURLToPath(import.meta.url), process.execPath]) await requireOwn(file);
    await helperCommand().exitOverride().parseAsync(args.slice(1), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof MachineFailure || error instanceof UnsupportedServer)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 3;
  }
}
