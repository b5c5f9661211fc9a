/** The command line of an installed package (/usr/bin/portcullis): nothing is installed or built here. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

// As bin/launch.mjs has it, and for the same reason.
if (Number.parseInt(process.versions.node, 10) <= 24) setFlagsFromString("--liftoff-only");
process.env.PORTCULLIS_HOME ||= "/var/lib/portcullis";
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
becomeOwner();
const { main } = await import(`${root}/cli/cli.mjs`);
try {
  process.exitCode = await main(process.argv.slice(2), root);
} catch (error) {
  const expected = ["Unready", "MachineFailure", "UnsupportedServer"].includes(error?.name);
  process.stderr.write(`${expected ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}

/**
 * Root becomes the user that the state belongs to, so that no file of it ends up as root's. Not for what only root may do on
 * the machine, or what looks at it as a whole.
 */
function becomeOwner() {
  const asRoot = ["adopt", "release", "restore", "helper", "doctor", "backup", "serve"];
  if (process.getuid() !== 0 || asRoot.includes(process.argv[2] ?? "")) return;
  const home = statSync(process.env.PORTCULLIS_HOME, { throwIfNoEntry: false });
  if (!home || home.uid === 0) return;
  process.initgroups(home.uid, home.gid);
  process.setgid(home.gid);
  process.setuid(home.uid);
}
