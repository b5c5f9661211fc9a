/** The command line of an installed package (/usr/bin/portcullis): nothing is installed or built here. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { becomeOwnerOf } from "./become-owner.mjs";

// As bin/launch.mjs has it, and for the same reason.
if (Number.parseInt(process.versions.node, 10) <= 24) setFlagsFromString("--liftoff-only");
process.env.PORTCULLIS_HOME ||= "/var/lib/portcullis";
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
becomeOwnerOf(process.env.PORTCULLIS_HOME, process.argv[2]);
// What runs as root for long loads neither the panel nor its database.
const program = process.argv[2] === "helper" ? "helper" : "cli";
const { main } = await import(`${root}/${program}/${program}.mjs`);
try {
  process.exitCode = await main(process.argv.slice(2), root);
} catch (error) {
  const expected = ["Unready", "MachineFailure", "UnsupportedServer"].includes(error?.name);
  process.stderr.write(`${expected ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}
