/** The command line. Installs and bundles what is missing first, so that it works in a clean clone too. */
import { setFlagsFromString } from "node:v8";
import { becomeOwnerOf } from "./become-owner.mjs";
import { generateClient } from "./prepare/build.mjs";
import { root, setHome } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { loadQuickProgram } from "./prepare/programs.mjs";
import { explain, sayTo } from "./prepare/say.mjs";

// The database client is WebAssembly. V8 would compile it better in the background and wait for that at the end: a third
// of the time of a short command. A Node that doesn't know the flag would say so each time.
if (Number.parseInt(process.versions.node, 10) <= 24) setFlagsFromString("--liftoff-only");

try {
  // What runs as root installs nothing and loads neither the panel nor its database.
  const isHelper = process.argv[2] === "helper";
  // What is said here is not the command's answer.
  sayTo(process.stderr);
  requireNode();
  const home = setHome();
  if (!isHelper) {
    await installNodePackages(root);
    await generateClient(root);
  }
  const { main } = await loadQuickProgram(root, isHelper ? "bin/helper" : "bin/cli");
  becomeOwnerOf(home, process.argv[2]);
  process.exitCode = await main(process.argv.slice(2), root);
} catch (error) {
  explain(error);
}
