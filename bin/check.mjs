/** `npm run check`: all that CI runs. `npm run check:fast`: format, lint, types, unit and golden tests, for every few minutes. */
import { generateClient } from "./prepare/build.mjs";
import { runTests, staticChecks } from "./prepare/checks.mjs";
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { explain } from "./prepare/say.mjs";
import { testEverything } from "./prepare/testing.mjs";

try {
  requireNode();
  await installNodePackages(root);
  await generateClient(root);
  if (process.argv.includes("--fast")) {
    await staticChecks(root, { deadCode: false });
    await runTests(root, ["unit", "golden"]);
  } else {
    await testEverything(root);
  }
} catch (error) {
  explain(error);
}
