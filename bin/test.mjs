/** `npm test`: installs what the tests need and runs every kind of them. CI runs this. */
import { generateClient } from "./prepare/build.mjs";
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { explain } from "./prepare/say.mjs";
import { testEverything } from "./prepare/testing.mjs";

try {
  requireNode();
  await installNodePackages(root);
  await generateClient(root);
  await testEverything(root);
} catch (error) {
  explain(error);
}
