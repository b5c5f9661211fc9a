/** The command line. Installs and bundles what is missing first, so that it works in a clean clone too. */
import { generateClient } from "./prepare/build.mjs";
import { root, setHome } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { loadProgram } from "./prepare/programs.mjs";
import { explain, sayTo } from "./prepare/say.mjs";

try {
  // What is said here is not the command's answer.
  sayTo(process.stderr);
  requireNode();
  setHome();
  await installNodePackages(root);
  await generateClient(root);
  const { main } = await loadProgram(root, "bin/cli");
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  explain(error);
}
