/** `npm run check`: all that CI runs. `npm run check:fast`: format, lint, types, unit and golden tests, for every few minutes. */
import { generateClient } from "./prepare/build.mjs";
import { runTests, staticChecks } from "./prepare/checks.mjs";
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { explain, Unready } from "./prepare/say.mjs";
import { testEverything } from "./prepare/testing.mjs";

try {
  requireNode();
  await installNodePackages(root);
  await generateClient(root);
  if (process.argv.includes("--fast")) {
    const { complaints } = await staticChecks(root, { withSlow: false });
    if (complaints.length > 0) throw new Unready(complaints.join("\n"));
    await runTests(root, ["unit", "golden"]);
  } else {
    await testEverything(root);
  }
} catch (error) {
  explain(error);
}
